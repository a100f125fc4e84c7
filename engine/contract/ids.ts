import * as z from 'zod';

/** Every id is `<prefix>_<20 lower-case base-32 characters>`: 100 random bits, safe in URLs and file names. */
function idSchema<const Prefix extends string>(prefix: Prefix) {
  return z.string().regex(new RegExp(`^${prefix}_[0-9a-hjkmnp-tv-z]{20}$`), `is not a ${prefix}_… id`).brand<Prefix>();
}

export const UserId = idSchema('usr');
export type UserId = z.infer<typeof UserId>;
export const CourseId = idSchema('crs');
export type CourseId = z.infer<typeof CourseId>;
export const LectureId = idSchema('lec');
export type LectureId = z.infer<typeof LectureId>;
export const ParticipantId = idSchema('prt');
export type ParticipantId = z.infer<typeof ParticipantId>;
export const PublicationId = idSchema('pub');
export type PublicationId = z.infer<typeof PublicationId>;
export const SubscriptionId = idSchema('sub');
export type SubscriptionId = z.infer<typeof SubscriptionId>;
export const TransportId = idSchema('trn');
export type TransportId = z.infer<typeof TransportId>;
export const RecordingId = idSchema('rec');
export type RecordingId = z.infer<typeof RecordingId>;
export const VideoId = idSchema('vid');
export type VideoId = z.infer<typeof VideoId>;
export const UploadId = idSchema('upl');
export type UploadId = z.infer<typeof UploadId>;
export const MessageId = idSchema('msg');
export type MessageId = z.infer<typeof MessageId>;
export const CategoryId = idSchema('cat');
export type CategoryId = z.infer<typeof CategoryId>;
export const ImageId = idSchema('img');
export type ImageId = z.infer<typeof ImageId>;
/** The id of any other record: an enrolment, a login, a stream key, a segment row. */
export const RecordId = z.string().regex(/^[a-z]{3}_[0-9a-hjkmnp-tv-z]{20}$/);

export type IdPrefix =
  | 'usr' | 'crs' | 'cat' | 'lec' | 'prt' | 'pub' | 'sub' | 'trn' | 'rec' | 'vid' | 'upl' | 'msg' | 'img' | 'enr' | 'rmv' | 'inv' | 'lgn' | 'key' | 'seg' | 'evt' | 'inc' | 'nod' | 'job' | 'prc' | 'psk'
  | 'idn' | 'otk' | 'wtg' | 'req' | 'grp' | 'pnd' | 'imp' | 'ser' | 'ann' | 'cmt' | 'cal' | 'mai' | 'lnk' | 'chg' | 'exp' | 'aud' | 'anon' | 'pat' | 'whk' | 'whd'
  | 'quz' | 'qst' | 'opt' | 'att' | 'mom' | 'mat' | 'shl' | 'cap' | 'cut';
