import * as z from 'zod';
import { CourseId } from '#engine/contract';
import { topic } from '#engine/kernel';
import type { Bus, Unsubscribe } from '#engine/kernel';
import type { StreamKeys } from './StreamKeys.ts';

/** A course's stream key was replaced or revoked in this process. */
const keyReplaced = topic('streamKey.replaced', z.object({ courseId: CourseId, nodeId: z.string() }));

export interface ShareReplacementsOptions {
  bus: Bus;
  streamKeys: StreamKeys;
  nodeId: string;
  /** Replacements may have been missed. */
  onMissed?: () => void | Promise<void>;
}

/** Tells the other processes which keys are replaced here, and notes those that are replaced there. */
export async function shareReplacements({ bus, streamKeys, nodeId, onMissed = () => undefined }: ShareReplacementsOptions): Promise<Unsubscribe> {
  let isFromElsewhere = false;
  const stop = streamKeys.onKeyReplaced(({ courseId }) => {
    if (!isFromElsewhere) bus.publish(keyReplaced, { courseId, nodeId });
  });
  const unsubscribe = await bus.subscribe(keyReplaced, {
    onMessage: (replaced) => {
      if (replaced.nodeId === nodeId) return;
      isFromElsewhere = true;
      streamKeys.noteReplaced(replaced.courseId);
      isFromElsewhere = false;
    },
    onMissed,
  });
  return () => {
    stop();
    unsubscribe();
  };
}
