/** Whether orders are shown once more before they are sent; remembered on this device. */
import { useLocalStorage } from '@mantine/hooks';

export function useConfirming(): [boolean, (isWished: boolean) => void] {
  const [isWished, setWished] = useLocalStorage({
    key: 'stock-exchange.confirm',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  return [isWished === true, setWished];
}
