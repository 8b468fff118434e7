/** Changing an open order: its total quantity and its limit; the book puts a new order in its place. */
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import { useAsset } from '@/shared/api/assets';
import { decimalText, formatPrice, formatQuantity, parseDecimal } from '@/shared/format';
import {
  priceFieldText,
  priceProblem,
  quantityProblem,
  readPrice,
  readQuantity,
  stepPrice,
  stepQuantity,
  type Rules,
} from '@/shared/ticket/amounts';
import { complaintsOf, fieldOfReason, type Complaint } from '@/shared/ticket/refusals';
import { StepField } from '@/shared/ui/StepField';
import { useAmendOrder } from '../api/changes';
import { type Order } from '../api/types';
import { orderName } from '../api/words';
import { notify } from './notify';

interface AmendDialogProps {
  order: Order;
  onClose: () => void;
}

export function AmendDialog({ order, onClose }: AmendDialogProps) {
  const form = useAmendment(order, onClose);
  const { rules, quantity, price, problemOf } = form;
  return (
    <Modal opened onClose={onClose} title={`Change ${orderName(order)}`} centered>
      <form noValidate onSubmit={form.submit}>
        <Stack gap="xs">
          <StepField
            label="Total quantity"
            inputMode="numeric"
            value={quantity}
            problem={problemOf('quantity')}
            hint={order.filled_qty === '0' ? `Now ${formatQuantity(order.qty)}` : `${formatQuantity(order.filled_qty)} of it have filled already`}
            onChange={form.setQuantity}
            onStep={(steps) => form.setQuantity(stepQuantity(quantity, steps, rules.lot))}
          />
          <StepField
            label="Limit price"
            inputMode="decimal"
            value={price}
            problem={problemOf('price')}
            hint={`Now ${formatPrice(order.limit_price)}`}
            onChange={form.setPrice}
            onStep={(steps) => form.setPrice(stepPrice(price, steps, rules.tick, undefined))}
          />
          <Text size="xs" c="dimmed">
            Less at the same price keeps its place in the queue; anything else goes to its end.
          </Text>
          {problemOf(undefined) && <Alert color="red">{problemOf(undefined)}</Alert>}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Keep as it is
            </Button>
            <Button type="submit" loading={form.isSending}>
              Change order
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function useAmendment(order: Order, onClose: () => void) {
  const [quantity, setQuantity] = useState(order.qty);
  const [price, setPrice] = useState(order.limit_price ? priceFieldText(order.limit_price) : '');
  const [complaints, setComplaints] = useState<readonly Complaint[]>([]);
  const amend = useAmendOrder(answered, (error) => setComplaints(complaintsOf(error)));
  const rules = useRules(order.symbol);
  const limit_price = readPrice(price);

  function submit(event: FormEvent): void {
    event.preventDefault();
    const found = complaintsAbout(order, quantity, price, rules);
    setComplaints(found);
    if (found.length > 0 || limit_price === undefined) return;
    amend.mutate({ order, qty: String(readQuantity(quantity)), limit_price: decimalText(limit_price) });
  }

  function answered(answer: Order): void {
    const text = answer.reason_message ?? 'The change was rejected.';
    if (answer.status === 'rejected') return setComplaints([{ field: fieldOfReason(answer.reason), text }]);
    notify({
      orderId: answer.id,
      tone: 'plain',
      title: `Changed to ${orderName(answer)}`,
      text: changeWords(answer),
    });
    onClose();
  }

  return {
    rules,
    quantity,
    price,
    setQuantity,
    setPrice,
    submit,
    isSending: amend.isPending,
    problemOf: (field: Complaint['field']) => complaints.find((complaint) => complaint.field === field)?.text,
  };
}

function complaintsAbout(order: Order, quantity: string, price: string, rules: Rules): Complaint[] {
  const filled = Number(order.filled_qty);
  const tooFew = filled > 0 && (readQuantity(quantity) ?? 0) <= filled;
  const atQuantity =
    quantityProblem(quantity, rules, order.side) ??
    (tooFew ? `More than the ${formatQuantity(filled)} that have filled.` : undefined);
  const atPrice = priceProblem(price, rules);
  const isSame =
    readQuantity(quantity) === Number(order.qty) && readPrice(price) === parseDecimal(order.limit_price ?? '0');
  return [
    ...(atQuantity ? [{ field: 'quantity', text: atQuantity } as const] : []),
    ...(atPrice ? [{ field: 'price', text: atPrice } as const] : []),
    ...(isSame ? [{ field: undefined, text: 'Nothing is different yet.' }] : []),
  ];
}

function changeWords({ status }: Order): string {
  return status === 'pending_new' ? 'It is on its way to the book.' : 'The book has the new order.';
}

/** Tick and lot; until they are known the exchange itself is the judge. */
function useRules(symbol: string): Rules {
  const asset = useAsset(symbol);
  return { symbol, tick: asset ? parseDecimal(asset.price_increment) : 1n, lot: Number(asset?.lot_size ?? 1) };
}
