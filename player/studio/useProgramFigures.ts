import { useEffect, useState } from 'preact/hooks';
import { background } from '../app/background.ts';
import { figuresOf, noFigures } from './programFigures.ts';
import type { ByteCount, ProgramFigures } from './programFigures.ts';

const everyMs = 1000;

/** The figures of a video, once a second, while it has statistics. `key` names the video. */
export function useProgramFigures(key: string, stats: () => Promise<RTCStatsReport> | undefined): ProgramFigures {
  const [figures, setFigures] = useState(noFigures);
  useEffect(() => {
    let earlier: ByteCount | undefined;
    let isStopped = false;
    const read = async () => {
      const report = await stats();
      if (isStopped) return;
      const measured = figuresOf((report?.values() ?? []) as Iterable<Parameters<typeof figuresOf>[0] extends Iterable<infer S> ? S : never>, earlier);
      earlier = measured.count;
      setFigures(measured.figures);
    };
    const timer = setInterval(() => background(read()), everyMs);
    background(read());
    return () => {
      isStopped = true;
      clearInterval(timer);
    };
  }, [key]);
  return figures;
}
