// A program that holds 500 MB of objects when a call comes.
const { initialisationComplete } = require('prefork-interp');

// Some 200 bytes each.
const kept = Array.from({ length: 500 * 5_000 }, (_, index) => ({
  index,
  text: `number ${index} of many`,
  at: [index],
}));

initialisationComplete();
console.log('hello', kept.length);
