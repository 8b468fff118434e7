/** Says what went wrong, and offers to try again. */
import { Button, Stack, Text } from '@mantine/core';
import { sentenceOf } from '../api';

interface ErrorStateProps {
  error: unknown;
  onRetry?: () => unknown;
  title?: string;
}

export function ErrorState({ error, onRetry, title = 'This could not be loaded' }: ErrorStateProps) {
  return (
    <Stack role="alert" align="center" justify="center" gap={6} px="md" py="xl" ta="center">
      <Text fw={600} size="sm">
        {title}
      </Text>
      <Text size="sm" c="dimmed" maw="26rem">
        {sentenceOf(error)}
      </Text>
      {onRetry && (
        <Button variant="default" size="xs" mt={4} onClick={() => void onRetry()}>
          Try again
        </Button>
      )}
    </Stack>
  );
}
