import { X } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { SiteNotice } from '#api/contract';
import { IconButton, Notice } from '../design/index.ts';
import { text } from '../text/index.ts';
import { serverClock } from './ServerClock.ts';
import { siteNotice } from './siteNotice.ts';
import './SiteBanner.css';

const tones = { info: 'normal', warning: 'warning', critical: 'danger' } as const;

/** The banner of the site and the note of a maintenance. Over a live room or a replay it floats, and can be hidden. */
export function SiteBanner({ isFloating = false }: { isFloating?: boolean }) {
  const [hidden, setHidden] = useState('');
  const { banner: shown, maintenance } = current();
  const key = JSON.stringify([shown?.text, maintenance]);
  if ((!shown && !maintenance) || (isFloating && hidden === key)) return null;
  return (
    <div class={`site-banner ${isFloating ? 'site-banner--floating' : ''}`}>
      {maintenance ? (
        <Notice tone="warning">
          {text.administration.notice.maintenance} <span dir="auto">{maintenance.note}</span>
        </Notice>
      ) : null}
      {shown ? (
        <Notice tone={tones[shown.kind]}>
          <span dir="auto">{shown.text}</span>
        </Notice>
      ) : null}
      {isFloating ? (
        <IconButton class="site-banner__hide" label={text.administration.notice.dismiss} onClick={() => setHidden(key)}>
          <X aria-hidden="true" />
        </IconButton>
      ) : null}
    </div>
  );
}

/** A banner disappears at its time, also while the server does not answer. */
function current(): Pick<SiteNotice, 'banner' | 'maintenance'> {
  const { banner, maintenance } = siteNotice.value ?? { banner: null, maintenance: null };
  const isOver = banner?.until != null && Date.parse(banner.until) <= serverClock.nowMs();
  return { banner: isOver ? null : banner, maintenance };
}

/** Where people get help, at the bottom of the pages. */
export function SupportLine() {
  const address = siteNotice.value?.supportAddress;
  if (!address) return null;
  return (
    <footer class="site-support small quiet">
      {text.administration.notice.help}: <a href={address.includes('://') ? address : `mailto:${address}`}>{address.replace(/^https?:\/\//, '')}</a>
    </footer>
  );
}
