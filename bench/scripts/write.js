const { writeSync } = require('node:fs');
const { initialisationComplete } = require('prefork-interp');

initialisationComplete();
writeSync(1, 'hello\n');
