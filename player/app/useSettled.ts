import { useEffect, useState } from 'preact/hooks';

const typingPauseMs = 250;

/** The text, once somebody has stopped typing it. */
export function useSettled(typed: string): string {
  const [settled, setSettled] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(typed), typingPauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  return settled;
}
