/** The page about the account itself: who it is, how the page looks, password, sessions, API keys. */
import { Grid, Stack, Title } from '@mantine/core';
import { AccountPageAppearance } from './AccountPageAppearance';
import { AccountPageKeys } from './AccountPageKeys';
import { AccountPagePassword } from './AccountPagePassword';
import { AccountPageProfile } from './AccountPageProfile';
import { AccountPageSessions } from './AccountPageSessions';

const WHOLE = 12;
const HALF = { base: 12, md: 6 };

/** For signed-in people only. */
export function AccountPage() {
  return (
    <Stack gap="md" maw={1040} mx="auto" w="100%" p="md">
      <Title order={1} size="h2">Account</Title>
      <Grid gap="md">
        <Grid.Col span={HALF}><Stack gap="md"><AccountPageProfile /><AccountPageAppearance /><AccountPageSessions /></Stack></Grid.Col>
        <Grid.Col span={HALF}><AccountPagePassword /></Grid.Col>
        <Grid.Col span={WHOLE}><AccountPageKeys /></Grid.Col>
      </Grid>
    </Stack>
  );
}
