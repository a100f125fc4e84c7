import type * as z from 'zod';
import { CodedError, VideoId } from '#engine/contract';
import type { CourseId, UserId } from '#engine/contract';
import { fromInstant, randomText, toInstant } from '#engine/kernel';
import type { Bus, Clock } from '#engine/kernel';
import { videoAccessChanged } from '#recorder';
import type { VideoRow, VideoStore } from '#recorder';
import type { CatalogVideo, VideoCatalog } from '../content/VideoCatalog.ts';
import type { VideoViews } from '../content/VideoViews.ts';
import type { SharedStream, SharedVideo, sharingRoutes, SharingAddresses, SharingLink, VideoSharing } from '../contract/index.ts';
import { maxSharingLinks } from '../contract/index.ts';
import type { CourseStore } from '../courses/CourseStore.ts';
import { embedCode } from './embedCode.ts';
import type { LinkStore, SharingLinkRow } from './LinkStore.ts';
import { sharingTokenLength } from './limits.ts';
import { isExpired, openToLink, publicLinkId } from './openToLink.ts';

export interface SharingOptions {
  links: LinkStore;
  videos: VideoStore;
  videoCatalog: VideoCatalog;
  views: VideoViews;
  courses: Pick<CourseStore, 'find'>;
  bus: Bus;
  clock: Clock;
}

export type NewLink = z.output<(typeof sharingRoutes)['createLink']['body']>;

/** A video that a stranger may watch, and by which link. */
export interface OpenedLink {
  video: CatalogVideo;
  courseTitle: string;
  linkId: string;
  /** Sites that may show the player in a frame. */
  sites: readonly string[];
}

/** Sharing of videos beyond their course: links, and what people without an account get by them. */
export class Sharing {
  readonly #options: SharingOptions;

  constructor(options: SharingOptions) {
    this.#options = options;
  }

  async list(videoId: VideoId): Promise<SharingLink[]> {
    return (await this.#options.links.ofVideo(videoId)).map((row) => this.#view(row));
  }

  /** @throws CodedError `request.invalid` */
  async create(videoId: VideoId, { label, sites, expiresAt }: NewLink, by: { userId: UserId; courseId: CourseId; origin: string }): Promise<{ link: SharingLink; addresses: SharingAddresses }> {
    const { links, videos, clock } = this.#options;
    const nowMs = clock.nowMs();
    if (expiresAt !== null && fromInstant(expiresAt) <= nowMs) throw new CodedError('request.invalid', 'The link would have expired already. Choose a later date.');
    if ((await links.ofVideo(videoId)).length >= maxSharingLinks) throw new CodedError('request.invalid', `A video has at most ${maxSharingLinks} links. Revoke one that is not needed.`);
    const video = await videos.get(videoId);
    const token = randomText(sharingTokenLength);
    const row = await links.add({ videoId, courseId: by.courseId, token, label, sites, expiresAt, createdBy: by.userId, createdAt: toInstant(nowMs) });
    if (video.visibility === 'course') await this.update(videoId, { visibility: 'link' });
    return { link: this.#view(row), addresses: addressesOf(token, { origin: by.origin, title: video.title }) };
  }

  /** @throws CodedError `sharing.notFound` */
  async revoke(videoId: VideoId, linkId: string): Promise<void> {
    const { links, bus } = this.#options;
    if (!(await links.remove(videoId, linkId))) throw notFound();
    bus.publish(videoAccessChanged, { videoId, linkId });
  }

  /** Changes who may watch or download. @throws CodedError `video.notFound` */
  async update(videoId: VideoId, change: Partial<VideoSharing>): Promise<VideoSharing> {
    const { videos, bus, clock } = this.#options;
    const { visibility, visibleFrom, isDownloadable } = await videos.setSharing(videoId, change, toInstant(clock.nowMs()));
    bus.publish(videoAccessChanged, { videoId, linkId: null });
    return { visibility, visibleFrom, isDownloadable };
  }

  /**
   * What a link opens. An unknown, an expired and a revoked link, and one of a video that is not shared, fail in the same way.
   * @throws CodedError `sharing.notFound`
   */
  async open(token: string): Promise<OpenedLink> {
    const { courses, videoCatalog } = this.#options;
    const { row, linkId, sites } = await this.#target(token);
    const [video, course] = [await videoCatalog.get(VideoId.parse(row._id)), await courses.find(row.courseId as CourseId)];
    if (video.hidden !== null || video.state === 'live') throw notFound();
    if (!course || course.deletedAt !== null) throw notFound();
    return { video, courseTitle: course.title, linkId, sites };
  }

  /** The video of a link that exists and has not expired, or a public one by its id. */
  async #target(token: string): Promise<{ row: VideoRow; linkId: string; sites: readonly string[] }> {
    const { links, videos, clock } = this.#options;
    const publicId = VideoId.safeParse(token).data;
    const link = publicId === undefined ? await links.findByToken(token) : { _id: publicLinkId, videoId: publicId, sites: ['*'] };
    const row = link && (await videos.find(link.videoId));
    if (!link || !row || !(await openToLink(links, clock).mayWatchByLink(link._id, row))) throw notFound();
    return { row, linkId: link._id, sites: link.sites };
  }

  async show(token: string, origin: string): Promise<SharedVideo> {
    const { video, courseTitle, linkId } = await this.open(token);
    const { posterUrl } = this.#options.views.view(video, { linkId, courseTitle });
    return { title: video.title, description: video.description, courseTitle, recordedAt: video.recordedAt, durationSeconds: video.durationSeconds, posterUrl, pageUrl: pageUrlOf(origin, token) };
  }

  /** Counts a view. @throws CodedError `sharing.notFound`, `video.notReady` */
  async stream(token: string): Promise<SharedStream> {
    const opened = await this.open(token);
    const { tracks, expiresAt } = await this.#options.views.playback(opened.video, { linkId: opened.linkId, courseTitle: opened.courseTitle });
    if (opened.linkId !== publicLinkId) await this.#options.links.countView(opened.linkId);
    return { tracks, expiresAt };
  }

  #view({ _id, label, sites, expiresAt, views, createdAt }: SharingLinkRow): SharingLink {
    return { id: _id, label, sites, expiresAt, isExpired: isExpired({ expiresAt }, this.#options.clock.nowMs()), views, createdAt };
  }
}

export function notFound(): CodedError {
  return new CodedError('sharing.notFound', 'This link does not lead to a video. It may have expired, or it was revoked.');
}

export function pageUrlOf(origin: string, token: string): string {
  return `${origin}/v/${token}`;
}

function addressesOf(token: string, { origin, title }: { origin: string; title: string }): SharingAddresses {
  const [pageUrl, embedUrl] = [pageUrlOf(origin, token), `${origin}/embed/${token}`];
  return { token, pageUrl, embedUrl, embedCode: embedCode({ embedUrl, title }), playerUrl: `${pageUrl}/main.m3u8` };
}
