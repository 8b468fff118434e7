/** A field for a number of steps: typed, or stepped with the arrow keys (Shift: ten at once) and two buttons. */
import { ActionIcon, Group, Input, Text, TextInput } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useId, type KeyboardEvent, type ReactNode, type Ref } from 'react';
import classes from './StepField.module.css';

const LARGE_STEP = 10;

interface StepFieldProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  onStep: (steps: number) => void;
  problem?: string | undefined;
  /** Shown below as long as there is no problem. */
  hint?: ReactNode;
  /** Shown at the end of the label's line. */
  aside?: ReactNode;
  placeholder?: string;
  inputMode?: 'numeric' | 'decimal';
  inputRef?: Ref<HTMLInputElement>;
}

export function StepField({
  label,
  value,
  onChange,
  onStep,
  problem,
  hint,
  aside,
  inputRef,
  ...input
}: StepFieldProps) {
  const id = useId();
  const hintId = `${id}-hint`;
  return (
    <div>
      <Group justify="space-between" wrap="nowrap" mb={4}>
        <Input.Label htmlFor={id} className={classes.label ?? ''}>
          {label}
        </Input.Label>
        {aside}
      </Group>
      <TextInput
        id={id}
        ref={inputRef}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onKeyDown={(event) => stepByKey(event, onStep)}
        error={problem !== undefined}
        autoComplete="off"
        rightSection={<StepButtons label={label} onStep={onStep} />}
        rightSectionWidth={68}
        classNames={{ input: classes.input ?? '' }}
        attributes={{ input: { 'aria-describedby': hintId } }} // as a property the field's wrapper would overwrite it
        {...input}
      />
      <Text
        id={hintId}
        size="xs"
        mt={4}
        className={`${classes.hint} ${problem === undefined ? '' : classes.problem}`}
        {...(problem !== undefined && { role: 'alert' })}
      >
        {problem ?? hint}
      </Text>
    </div>
  );
}

function StepButtons({ label, onStep }: Pick<StepFieldProps, 'label' | 'onStep'>) {
  const button = { variant: 'subtle', color: 'gray', tabIndex: -1 } as const; // the arrow keys do the same
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon {...button} aria-label={`${label} down`} onClick={() => onStep(-1)}>
        <IconMinus size={16} aria-hidden />
      </ActionIcon>
      <ActionIcon {...button} aria-label={`${label} up`} onClick={() => onStep(1)}>
        <IconPlus size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}

function stepByKey(event: KeyboardEvent, onStep: (steps: number) => void): void {
  const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (direction === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  onStep(direction * (event.shiftKey ? LARGE_STEP : 1));
}
