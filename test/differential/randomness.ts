// Numbers that must not be the same in two calls, whatever the script used of them while initialising.

/** Expressions; each is evaluated in two calls, whose values must differ. */
export const draws: Readonly<Record<string, string>> = {
  'Math.random': 'Math.random()',
  'Math.random, held from before': 'random()',
  randomUUID: 'crypto.randomUUID()',
  'randomUUID without the cache': 'crypto.randomUUID({ disableEntropyCache: true })',
  'randomUUID of the web': 'globalThis.crypto.randomUUID()',
  randomInt: 'crypto.randomInt(2 ** 47)',
  randomBytes: `crypto.randomBytes(16).toString('hex')`,
  randomFillSync: `crypto.randomFillSync(Buffer.alloc(16)).toString('hex')`,
  getRandomValues: `Buffer.from(globalThis.crypto.getRandomValues(new Uint8Array(16))).toString('hex')`,
  'a key': `crypto.generateKeySync('aes', { length: 128 }).export().toString('hex')`,
  'a pair of keys': `crypto.generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }).x`,
  'a temporary folder': `(() => { const fs = require('fs'); const d = fs.mkdtempSync('/tmp/pf-'); fs.rmdirSync(d); return d; })()`,
};

/** Draws from everything, as a script may while it initialises. */
export const drawing = `
const crypto = require('crypto');
const random = Math.random;
for (const expression of [${Object.values(draws)
  .map((text) => `() => ${text}`)
  .join()}]) expression();
`;
