import { escapeXml } from './text';

/** An element with its content, which is XML already. */
export const element = (
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  content: readonly string[] = [],
): string => {
  const given = Object.entries(attributes).map(
    ([key, value]) => ` ${key}="${escapeXml(String(value))}"`,
  );
  const start = `<${name}${given.join('')}`;
  if (content.length === 0) return `${start}/>`;
  return [`${start}>`, ...content.map(indented), `</${name}>`].join('\n');
};

/** An element that holds text and nothing else. */
export const textElement = (
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  text: string,
): string => element(name, attributes, ['\0']).replace(/>\s*\0\s*</, () => `>${escapeXml(text)}<`);

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');
