import { Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { SharingLink, VideoView } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { absolute } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, CopyField, IconButton, showToast } from '../design/index.ts';
import { formatDateTime } from '../text/format.ts';
import { text } from '../text/index.ts';
import { NewLinkDialog } from './NewLinkDialog.tsx';
import './sharing.css';

interface LinksPanelProps {
  video: Pick<VideoView, 'id' | 'title' | 'visibility' | 'deletedAt'>;
  /** A link was created. The video may be visible to more people. */
  onCreated: () => void;
}

/** The links of a video: who has them, how often they were used, and what creates and revokes them. For those who manage videos. */
export function LinksPanel({ video, onCreated }: LinksPanelProps) {
  const [isAdding, setAdding] = useState(false);
  const { data, error, reload } = useLoaded((signal) => api.listLinks({ params: { videoId: video.id } }, { signal }), [video.id]);
  const created = () => {
    reload();
    onCreated();
  };
  return (
    <section class="section" aria-label={text.sharing.links}>
      <h2>{text.sharing.links}</h2>
      {video.visibility === 'public' ? <CopyField label={text.sharing.publicPage} value={absolute(`/v/${video.id}`)} /> : null}
      {video.visibility === 'course' ? <p class="quiet">{text.sharing.courseOnly}</p> : null}
      {error ? <LoadFailure error={error} onRetry={reload} /> : null}
      {data?.links.length === 0 ? <p class="quiet">{text.sharing.noLinks}</p> : null}
      <ul class="sharing-links">
        {data?.links.map((link) => (
          <LinkItem key={link.id} videoId={video.id} link={link} onRevoked={reload} />
        ))}
      </ul>
      {video.deletedAt === null ? (
        <div class="row">
          <Button onClick={() => setAdding(true)}>{text.sharing.add}</Button>
        </div>
      ) : null}
      {isAdding ? <NewLinkDialog video={video} onCreated={created} onClose={() => setAdding(false)} /> : null}
    </section>
  );
}

function LinkItem({ videoId, link, onRevoked }: { videoId: string; link: SharingLink; onRevoked: () => void }) {
  const label = link.label || text.sharing.unnamed;
  const revoke = useToastedAction(async () => {
    await api.deleteLink({ params: { videoId, linkId: link.id } });
    showToast({ text: text.sharing.revoked });
    onRevoked();
  });
  const facts = [text.sharing.viewed(link.views), ...(link.isExpired ? [text.sharing.expired] : link.expiresAt === null ? [] : [text.sharing.expires(formatDateTime(link.expiresAt))])];
  const sites = link.sites.includes('*') ? text.sharing.everySite : link.sites.map((site) => site.replace(/^https?:\/\//, '')).join(', ');
  if (link.sites.length > 0) facts.push(text.sharing.embeddable(sites));
  return (
    <li class="sharing-link">
      <div>
        <div class="sharing-link__label" dir="auto">
          {label}
        </div>
        <div class="small quiet">{facts.join(' · ')}</div>
      </div>
      <IconButton label={text.sharing.revokeOf(label)} disabled={revoke.isBusy} onClick={() => revoke.run()}>
        <Trash2 aria-hidden="true" />
      </IconButton>
    </li>
  );
}
