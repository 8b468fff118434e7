/** One press and a visitor is a demo user; nothing at all when demo mode is off. */
import { Alert, Button, Divider, SimpleGrid } from '@mantine/core';
import { useState } from 'react';
import { sentenceOf, useSession } from '@/shared/api';
import { useDemoUsers } from '../api/demoUsers';

export function DemoUsers() {
  const names = useDemoUsers();
  const { demoLogIn } = useSession();
  const [chosen, setChosen] = useState<string>();
  const [refusal, setRefusal] = useState<string>();
  if (names.length === 0) return null;

  const enter = (name: string) => {
    setChosen(name);
    demoLogIn(name).catch((error: unknown) => {
      setChosen(undefined);
      setRefusal(sentenceOf(error));
    });
  };

  return (
    <>
      <Divider my="lg" label="or look around as" labelPosition="center" />
      {refusal && (
        <Alert color="red" role="alert" mb="sm">
          {refusal}
        </Alert>
      )}
      <SimpleGrid cols={2} spacing="xs">
        {names.map((name) => (
          <Button key={name} variant="default" loading={chosen === name} disabled={!!chosen} onClick={() => enter(name)}>
            {name}
          </Button>
        ))}
      </SimpleGrid>
    </>
  );
}
