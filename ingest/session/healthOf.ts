import type { IngestHealth } from '#engine/contract';
import { adviseOnSource } from '../media/adviseOnSource.ts';
import type { SourceMeasurement } from '../media/SourceInspector.ts';

export interface SessionCondition extends Pick<IngestHealth, 'protocol' | 'state' | 'problem' | 'isReencoded'> {
  source: SourceMeasurement;
  /** Advice that comes before the advice on the source. */
  extraAdvice: readonly string[];
}

export function healthOf({ protocol, state, problem, source, isReencoded, extraAdvice }: SessionCondition): IngestHealth {
  const { browserObstacle: _, ...measured } = source;
  return { protocol, state, problem, ...measured, isReencoded, advice: [...extraAdvice, ...adviseOnSource(source)] };
}
