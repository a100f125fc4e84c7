/** A media playlist cut to its first seconds, as while it was live: type `EVENT`, without `EXT-X-ENDLIST`. */
export function playlistUntil(playlist: string, seconds: number): string {
  if (!playlist.includes('#EXTINF')) return playlist;
  const kept: string[] = [];
  let endSeconds = 0;
  for (const line of playlist.split('\n')) {
    if (line.startsWith('#EXTINF:')) endSeconds += Number.parseFloat(line.slice('#EXTINF:'.length));
    if (endSeconds > seconds || line.startsWith('#EXT-X-ENDLIST')) break;
    kept.push(line.replace('PLAYLIST-TYPE:VOD', 'PLAYLIST-TYPE:EVENT'));
  }
  return `${kept.join('\n')}\n`;
}
