// A program of 1000 names more, at which there is nothing yet.
const { autoreloadAlsoCheck, initialisationComplete } = require('prefork-interp');
for (let number = 0; number < 1000; ++number) autoreloadAlsoCheck(`${__dirname}/absent/${number}`);
initialisationComplete();
console.log('hello');
