import type { VideoId } from '#engine/contract';
import { api } from '../app/services.ts';

/** A deleted video that can still be restored. Instants are ISO 8601. */
export interface DeletedVideo {
  id: VideoId;
  courseTitle: string;
  title: string;
  durationSeconds: number;
  restorableUntil: string;
}

interface OneVideo {
  params: { videoId: VideoId };
}

/** The routes of downloads and of the trash of videos, as far as these pages use them. */
interface RemovalRoutes {
  deleteVideo(request: OneVideo): Promise<unknown>;
  restoreVideo(request: OneVideo): Promise<unknown>;
  listDeletedVideos(request: object, options: { signal: AbortSignal }): Promise<{ videos: readonly DeletedVideo[] }>;
  createVideoFile(request: OneVideo & { query: object }): Promise<{ url: string }>;
}

export const removalRoutes = api as unknown as RemovalRoutes;
