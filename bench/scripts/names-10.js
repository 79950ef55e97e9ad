// A program of 10 names more, at which there is nothing yet.
const { autoreloadAlsoCheck, initialisationComplete } = require('prefork-interp');
for (let number = 0; number < 10; ++number) autoreloadAlsoCheck(`${__dirname}/absent/${number}`);
initialisationComplete();
console.log('hello');
