/** Text as it may stand in a Mermaid diagram, where some characters have a meaning of their own. */
export const mermaidText = (text: string): string =>
  text.replaceAll(/[#;:<>"]/g, (character) => `#${String(character.charCodeAt(0))};`);
