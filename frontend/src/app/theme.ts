/** How the page looks: one quiet accent, greys that pass WCAG AA as text, tabular numbers everywhere. */
import { createTheme, type MantineColorsTuple } from '@mantine/core';

const gray: MantineColorsTuple = [
  '#f8f9fb', '#f1f3f6', '#e6e9ee', '#d9dee5', '#c4cbd5', '#9aa3b0', '#5c6672', '#48515c', '#323a44', '#1c232b',
];

const dark: MantineColorsTuple = [
  '#dde2e9', '#bcc5d0', '#9aa5b3', '#6d7988', '#303946', '#262e39', '#1b222b', '#131920', '#0d1218', '#090d12',
];

/** A cross says nothing to those who only hear the page. */
const named = { defaultProps: { closeButtonProps: { 'aria-label': 'Close' } } };
const titled = { ...named, styles: { title: { fontWeight: 650 } } };

export const theme = createTheme({
  primaryColor: 'indigo',
  primaryShade: { light: 8, dark: 7 },
  colors: { gray, dark },
  defaultRadius: 'md',
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", Arial, sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace',
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
  components: { Notification: named, Modal: titled, Drawer: titled },
});
