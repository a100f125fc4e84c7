import * as z from 'zod';
import { CourseId, LectureId, RecordId, RecordingId, UserId, VideoId } from './ids.ts';
import { CourseRole } from './lecture.ts';

/** The role of an account on the whole site. Permissions in a course depend on the `CourseRole`. */
export const SiteRole = z.enum(['student', 'instructor', 'admin']);
export type SiteRole = z.infer<typeof SiteRole>;

/** Claims of the access token, which REST takes in `Authorization: Bearer`. `generation` counts the refreshes of its login. */
export const AccessClaims = z.object({ userId: UserId, roles: z.array(SiteRole), loginId: z.string(), generation: z.number().int().min(1) });
export type AccessClaims = z.infer<typeof AccessClaims>;

/** Claims of the join ticket, which `POST /api/v1/live/join` issues and `room.join` accepts once. */
export const JoinClaims = z.object({
  ticketId: z.string().min(1).max(40),
  userId: UserId,
  /** The login that got the ticket. The connection ends with it. */
  loginId: z.string(),
  lectureId: LectureId,
  courseId: CourseId,
  displayName: z.string(),
  /** When the ticket was issued. The room reads the current role. */
  role: CourseRole,
});
export type JoinClaims = z.infer<typeof JoinClaims>;

/** Who watches: a person, by the login that got the token, or people with a sharing link. */
export const PlaybackViewer = z.union([z.strictObject({ userId: UserId, loginId: z.string() }), z.strictObject({ linkId: z.string().min(1).max(40) })]);
export type PlaybackViewer = z.infer<typeof PlaybackViewer>;

/** Claims of a playback token: the first path segment of every media URL. `recordingId`: the source of the video, if it is a recording. */
export const PlaybackClaims = z.object({ videoId: VideoId, recordingId: RecordingId.nullable(), viewer: PlaybackViewer });
export type PlaybackClaims = z.infer<typeof PlaybackClaims>;

/** Claims of the link to the export of a person's data. */
export const DownloadClaims = z.object({ userId: UserId, loginId: z.string(), exportId: RecordId });
export type DownloadClaims = z.infer<typeof DownloadClaims>;

/** Claims of the link to a video as one file. `isManager`: downloads that are turned off for others are not for this viewer. */
export const FileClaims = z.object({ videoId: VideoId, viewer: PlaybackViewer, view: z.enum(['main', 'screen']), heightPx: z.number().int().nullable(), isManager: z.boolean() });
export type FileClaims = z.infer<typeof FileClaims>;

/** Claims of the address of the file of a material. */
export const MaterialClaims = z.object({ userId: UserId, loginId: z.string(), materialId: RecordId, isDownload: z.boolean() });
export type MaterialClaims = z.infer<typeof MaterialClaims>;

/** The claims of each audience. A token is valid for its audience only. */
export const tokenClaims = { access: AccessClaims, join: JoinClaims, playback: PlaybackClaims, download: DownloadClaims, file: FileClaims, material: MaterialClaims } as const;
export type TokenAudience = keyof typeof tokenClaims;
export type TokenClaims<A extends TokenAudience> = z.infer<(typeof tokenClaims)[A]>;
