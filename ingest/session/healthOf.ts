import type { IngestHealth } from '#engine/contract';
import { adviseOnSource } from '../media/adviseOnSource.ts';
import type { SourceMeasurement } from '../media/SourceInspector.ts';

export interface SessionCondition {
  state: IngestHealth['state'];
  problem: string | null;
  source: SourceMeasurement;
  isReencoded: boolean;
  /** Said before what the source itself calls for. */
  extraAdvice: readonly string[];
}

export function healthOf({ state, problem, source, isReencoded, extraAdvice }: SessionCondition): IngestHealth {
  return { protocol: 'rtmp', state, problem, ...source, isReencoded, advice: [...extraAdvice, ...adviseOnSource(source)] };
}
