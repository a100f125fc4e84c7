/** Characters of the secret of a sharing link: 160 random bits in base 32. Nobody finds one by trying. */
export const sharingTokenLength = 32;
/** Seconds for which the address of a file is valid: a download of hours is continued with it. Every request checks the permission again. */
export const fileLifetimeSeconds = 6 * 3600;
/** Deleted videos that are listed at once. */
export const maxListedDeletedVideos = 200;
/** Size of an embedded player where the page says nothing: 16:9, as wide as the text of most pages. */
export const embedSize = { width: 640, height: 360 };
/** Seconds for which a page may keep an oEmbed answer. */
export const oembedMaxAgeSeconds = 600;
