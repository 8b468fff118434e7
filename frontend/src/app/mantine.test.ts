/** No component of the library is shown without its styles. */
import { expect, it } from 'vitest';
import imported from './mantine?raw';

const STYLES = '/node_modules/@mantine/core/styles/';
const styles = Object.keys(import.meta.glob('/node_modules/@mantine/core/styles/*.css'));
const sources = import.meta.glob<string>('/src/**/*.tsx', { query: '?raw', import: 'default', eager: true });

it('imports the styles of every component that the page uses', () => {
  const used = new Set(Object.values(sources).flatMap(componentsIn));
  const needed = [...used].map((name) => `${STYLES}${name}.css`).filter((path) => styles.includes(path));

  expect(needed.length).toBeGreaterThan(20);
  expect(needed.filter((path) => !imported.includes(path.replace('/node_modules/', '')))).toEqual([]);
});

function componentsIn(source: string): string[] {
  const names = /import \{([^}]*)\} from '@mantine\/core'/.exec(source)?.[1] ?? '';
  return names.split(',').map((name) => name.trim());
}
