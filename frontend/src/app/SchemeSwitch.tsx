/** Changes between the light and the dark page; until it is used, the system decides. */
import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';

export function SchemeSwitch() {
  const scheme = useComputedColorScheme('light', { getInitialValueInEffect: false });
  const { setColorScheme } = useMantineColorScheme();
  const other = scheme === 'dark' ? 'light' : 'dark';
  const Icon = scheme === 'dark' ? IconSun : IconMoon;
  return (
    <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Change to the ${other} page`} onClick={() => setColorScheme(other)}>
      <Icon size={18} aria-hidden />
    </ActionIcon>
  );
}
