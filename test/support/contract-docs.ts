/** docs/events.md as the tests read it: its sections with their tables and JSON examples. */
import { readFileSync } from 'node:fs';

export interface Section {
  /** The first code span of the heading, else the heading. */
  readonly name: string;
  /** Rows of all tables of the section, without the heads; cells without their back quotes. */
  readonly rows: readonly (readonly string[])[];
  readonly examples: readonly string[];
}

export const sections: readonly Section[] = readFileSync(
  new URL('../../docs/events.md', import.meta.url),
  'utf8',
)
  .split(/^(?=#{1,6} )/m)
  .map(sectionOf);

export function section(name: string): Section {
  const [found, second] = sections.filter((candidate) => candidate.name === name);
  if (!found || second) throw new Error(`docs/events.md needs one section ${name}.`);
  return found;
}

function sectionOf(text: string): Section {
  const [title = ''] = text.split('\n', 1);
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '');
  return {
    name: /`([^`]+)`/.exec(title)?.[1] ?? title.replace(/^#+ /, ''),
    rows: tableRows(prose),
    examples: [...text.matchAll(/^```json\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? ''),
  };
}

function tableRows(text: string): string[][] {
  const lines = text.split('\n');
  const rule = /^\|[\s:|-]+\|$/;
  return lines
    .filter((line, index) => /^\|.*\|$/.test(line) && !rule.test(line) && !rule.test(lines[index + 1] ?? ''))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.replaceAll('`', '').trim()),
    );
}
