import { CodedError } from '#engine/contract';
import type { WorkerLecture, NodeWorker } from '#engine/contract';
import type { TokenSigner } from '#engine/kernel';
import type { Handlers } from '../access/index.ts';
import type { operationRoutes } from '../contract/index.ts';
import type { LectureDirectory } from '../lectures/LectureDirectory.ts';
import { openApiDocument } from '../openapi/openApiDocument.ts';

export interface OperationHandlersOptions {
  tokens: TokenSigner;
  /** The media workers of all live nodes. */
  listWorkers: () => Promise<NodeWorker[]>;
  directory: Pick<LectureDirectory, 'get'>;
  /** Fails with a CodedError while a part that the server needs is unavailable. */
  checkReadiness: () => Promise<void>;
  isStopping: () => boolean;
}

export function operationHandlers({ tokens, listWorkers, directory, checkReadiness, isStopping }: OperationHandlersOptions): Handlers<keyof typeof operationRoutes> {
  let document: ReturnType<typeof openApiDocument> | undefined;
  const withTitle = async (lecture: WorkerLecture) => ({ ...lecture, title: (await directory.get(lecture.lectureId)).title });
  return {
    listWorkers: async () => {
      const workers = (await listWorkers()).map(async (worker) => ({ ...worker, lectures: await Promise.all(worker.lectures.map(withTitle)) }));
      return { workers: await Promise.all(workers) };
    },
    getLiveness: async () => ({ status: 'ok' }),
    getReadiness: async () => {
      if (isStopping()) throw new CodedError('server.stopping', 'The server is stopping.');
      await checkReadiness();
      return { status: 'ok' };
    },
    getJwks: async () => ({ keys: tokens.jwks().keys.map((key) => ({ ...key })) }),
    getOpenApi: async () => (document ??= openApiDocument()),
  };
}
