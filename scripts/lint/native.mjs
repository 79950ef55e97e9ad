// What no compiler sees in native/: which way includes run, and that actors leave decisions to the
// charts, as far as that can be read off single lines.
//
//   node scripts/lint/native.mjs        prints each offence; exits with 1 if there is one

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** For each folder of native/: whose headers it may include besides its own, and why no others. */
const includes = {
  engine: { may: [], why: 'it runs any chart, so it may know nothing of this program' },
  core: { may: [], why: 'an effect must be usable, and testable, without any actor' },
  conmon: { may: ['core'], why: 'as for core: it is that part of it which only containers need' },
  actors: {
    may: ['engine', 'charts', 'core', 'conmon'],
    why: 'actors serve charts; where they run is not theirs to know',
  },
  addon: {
    may: ['actors', 'charts', 'core'],
    why: 'it gives actors a process to run in, and is no part of any program',
  },
  client_addon: {
    may: ['actors', 'addon', 'charts', 'core'],
    why: 'it gives the client a Node to run in, and is no part of any program',
  },
  bin: { may: ['actors', 'charts', 'core'], why: 'a program is actors and their order' },
};

/** Lines that would mean that an actor, not its chart, decides what happens next. */
const decisions = [
  { pattern: /\bState::k\w+/, why: 'an actor that names a state knows its own chart' },
  {
    pattern: /[=!]=\s*(?:this->)?state\(\)|\bstate\(\)\s*[=!]=/,
    why: 'it asks where its chart is',
  },
  { pattern: /\bswitch\s*\((?:this->)?state\(\)\)/, why: 'it asks where its chart is' },
];

/** The actors' names for their charts' actions, taken from the generated headers. */
function actionsOf(chart, root) {
  const header = readFileSync(join(root, 'build/generated/charts', `${chart}.h`), 'utf8');
  return [...header.matchAll(/virtual void (\w+)\(\) = 0;/g)].map(([, name]) => name);
}

export function lineOffences(path, text) {
  const folder = path.split('/')[1];
  const rule = includes[folder];
  return text.split('\n').flatMap((line, index) => {
    const found = [];
    const included = /^#include "([^"/]+)\/[^"]+"/.exec(line)?.[1];
    if (included !== undefined && included !== folder && !rule.may.includes(included)) {
      found.push(`${folder} must not include ${included}: ${rule.why}`);
    }
    if (folder === 'actors') {
      const code = line.replace(/\/\/.*/, '');
      for (const { pattern, why } of decisions) {
        if (pattern.test(code)) found.push(`a decision outside its chart: ${why}`);
      }
    }
    return found.map((what) => `${path}:${index + 1}: ${what}`);
  });
}

/** An action that calls another one does two effects: which comes when is the chart's to say. */
export function actionOffences(path, text, actions) {
  const called = new RegExp(`^\\s.*?(?<![.>:\\w])(${actions.join('|')})\\(\\)`);
  return text.split('\n').flatMap((line, index) => {
    const name = called.exec(line.replace(/\/\/.*/, ''))?.[1];
    return name === undefined
      ? []
      : [`${path}:${index + 1}: the action ${name}() is called from here, not from the chart`];
  });
}

function main() {
  const root = resolve(import.meta.dirname, '../..');
  const files = Object.keys(includes).flatMap((folder) =>
    readdirSync(join(root, 'native', folder)).map((name) => `native/${folder}/${name}`),
  );
  const actors = readdirSync(join(root, 'machines')).map((name) => name.replace('.ts', ''));
  const offences = files.flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8');
    const actor = actors.find((name) =>
      new RegExp(`^native/actors/${name}(_\\w+)?\\.cc$`).test(path),
    );
    return [
      ...lineOffences(path, text),
      ...(actor === undefined ? [] : actionOffences(path, text, actionsOf(actor, root))),
    ];
  });
  for (const offence of offences) console.error(offence);
  process.exitCode = offences.length === 0 ? 0 : 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
