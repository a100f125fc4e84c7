import { useEffect, useState } from 'preact/hooks';

/** Renders the component every second, for clocks. */
export function useSecondTick(): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), 1000);
    return () => clearInterval(timer);
  }, []);
}
