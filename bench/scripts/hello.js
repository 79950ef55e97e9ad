const { initialisationComplete } = require('prefork-interp');
initialisationComplete();
console.log('hello');
