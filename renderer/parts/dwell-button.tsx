import Button from '@cloudscape-design/components/button';
import { useEffect, useState, type ReactElement } from 'react';
import { text } from '../text/text';

const DWELL_SECONDS = 3;

interface DwellButtonProps {
  readonly label: string;
  /** Everything else is filled in: the wait begins. */
  readonly armed: boolean;
  readonly pending: boolean;
  readonly onPress: () => void;
}

/** A button for what cannot be undone: it wakes only three seconds after everything is filled in, and no focus is ever put on it. */
export function DwellButton({ label, armed, pending, onPress }: DwellButtonProps): ReactElement {
  const left = useDwell(armed);
  return (
    <Button
      variant="normal"
      iconName="status-warning"
      disabled={left > 0}
      loading={pending}
      onClick={onPress}
      nativeButtonAttributes={{ 'data-danger': '' }}
    >
      {armed && left > 0 ? text.trouble.dwell(label, left) : label}
    </Button>
  );
}

/** Seconds still to wait; the full wait again whenever `armed` was lost. */
function useDwell(armed: boolean): number {
  const [left, setLeft] = useState(DWELL_SECONDS);
  useEffect(() => {
    setLeft(DWELL_SECONDS);
    if (!armed) return undefined;
    const timer = setInterval(() => setLeft((seconds) => Math.max(0, seconds - 1)), 1000);
    return () => clearInterval(timer);
  }, [armed]);
  return left;
}
