/** Says why there is nothing here, and what to do about it. */
import { Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';

interface EmptyStateProps {
  title: string;
  /** What to do: words, or words and a button. */
  children?: ReactNode;
  icon?: ReactNode;
}

export function EmptyState({ title, children, icon }: EmptyStateProps) {
  return (
    <Stack align="center" justify="center" gap={6} px="md" py="xl" ta="center">
      {icon}
      <Text fw={600} size="sm">
        {title}
      </Text>
      {children && (
        <Text component="div" size="sm" c="dimmed" maw="26rem">
          {children}
        </Text>
      )}
    </Stack>
  );
}
