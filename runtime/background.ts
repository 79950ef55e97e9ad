// What a server does when nobody waits; a file of its own.

export { programFiles } from './program-files';
export { practise, warmUp } from './warm-up';
