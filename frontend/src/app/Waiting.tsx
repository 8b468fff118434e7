/** Keeps the place of a page that is being loaded. */
import { Center, Loader } from '@mantine/core';

export function Waiting() {
  return (
    <Center h="60dvh">
      <Loader aria-label="Loading" />
    </Center>
  );
}
