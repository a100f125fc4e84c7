import { CodedError } from '#engine/contract';
import type { Ingest } from '#ingest';
import { encoderServerUrl } from '#ingest/contract';
import type { StreamKeyManager } from './StreamKeyManager.ts';

/** The `StreamKeyManager` port, implemented with the stream keys of ingest. */
export function ingestStreamKeys(ingest: Pick<Ingest, 'rtmpPort' | 'rtmpsPort' | 'streamKeys'>): StreamKeyManager {
  const { streamKeys } = ingest;
  const describe = async (courseId: Parameters<StreamKeyManager['find']>[0]) => {
    const { hasKey, lastFour, createdAt, unawaitedAt } = await streamKeys.describe(courseId);
    return hasKey && lastFour !== null && createdAt !== null ? { hint: lastFour, createdAt, unawaitedAt } : undefined;
  };
  return {
    serverUrl: (hostname) => encoderServerUrl(hostname, ingest),
    find: describe,
    issue: async (courseId) => {
      const { key } = await streamKeys.issue(courseId);
      const issued = await describe(courseId);
      if (!issued) throw new CodedError('streamKey.notFound', 'The new stream key was deleted before it could be shown. Create another one.');
      return { streamKey: key, createdAt: issued.createdAt };
    },
    revoke: async (courseId) => {
      if (!(await describe(courseId))) throw new CodedError('streamKey.notFound', 'This course has no stream key. Create one on the course page.');
      await streamKeys.revoke(courseId);
    },
    revokeIfAny: (courseId) => streamKeys.revoke(courseId),
  };
}
