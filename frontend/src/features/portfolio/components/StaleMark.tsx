/** Marks a price that is not current. */
import { Badge, Tooltip } from '@mantine/core';

export function StaleMark() {
  return (
    <Tooltip label="No current price can be had; this is the last one known." withArrow>
      <Badge component="span" size="xs" variant="default" ml={6} tabIndex={0}>old</Badge>
    </Tooltip>
  );
}
