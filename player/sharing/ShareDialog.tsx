import { Share2, Trash2 } from 'lucide-preact';
import { useState } from 'preact/hooks';
import type { SharingLink, VideoSharing, VideoView } from '#api/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { absolute } from '../app/paths.ts';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, Checkbox, CopyField, Dialog, IconButton, Select, showToast, TextField } from '../design/index.ts';
import { formatDateTime, fromLocalInput, toLocalInput } from '../text/format.ts';
import { text } from '../text/index.ts';
import { NewLinkDialog } from './NewLinkDialog.tsx';
import './sharing.css';

interface ShareProps {
  video: Pick<VideoView, 'id' | 'title' | 'visibility' | 'visibleFrom' | 'isDownloadable'>;
  /** What is shown of the video has changed. */
  onChanged: (sharing: VideoSharing) => void;
}

/** Opens the dialog in which a video is shared. For those who manage videos. */
export function ShareButton(props: ShareProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>
        <Share2 aria-hidden="true" size={20} />
        {text.sharing.open}
      </Button>
      {isOpen ? <ShareDialog {...props} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

export function ShareDialog({ video, onChanged, onClose }: ShareProps & { onClose: () => void }) {
  const params = { videoId: video.id };
  const [sharing, setSharing] = useState<VideoSharing>({ visibility: video.visibility, visibleFrom: video.visibleFrom, isDownloadable: video.isDownloadable });
  const [isAdding, setAdding] = useState(false);
  const links = useLoaded((signal) => api.listLinks({ params }, { signal }), [video.id]);
  const save = useToastedAction(async (change: Partial<VideoSharing>) => {
    const saved = await api.updateSharing({ params, body: change });
    setSharing(saved);
    onChanged(saved);
    showToast({ text: text.sharing.saved });
  });
  if (isAdding) {
    const created = () => {
      links.reload();
      if (sharing.visibility !== 'course') return;
      setSharing({ ...sharing, visibility: 'link' });
      onChanged({ ...sharing, visibility: 'link' });
    };
    return <NewLinkDialog video={video} onCreated={created} onClose={() => setAdding(false)} />;
  }
  return (
    <Dialog title={text.sharing.title(video.title)} onClose={onClose}>
      <div class="stack">
        <VisibilityFields sharing={sharing} isBusy={save.isBusy} onChange={save.run} />
        {sharing.visibility === 'public' ? <CopyField label={text.sharing.publicPage} value={absolute(`/v/${video.id}`)} /> : null}
        <section class="stack-tight">
          <h3>{text.sharing.links}</h3>
          {links.error ? <LoadFailure error={links.error} onRetry={links.reload} /> : null}
          {links.data?.links.length === 0 ? <p class="quiet">{text.sharing.noLinks}</p> : null}
          <ul class="sharing-links">
            {links.data?.links.map((link) => <LinkItem key={link.id} videoId={video.id} link={link} onRevoked={links.reload} />)}
          </ul>
          <div class="row">
            <Button variant="primary" onClick={() => setAdding(true)}>
              {text.sharing.add}
            </Button>
          </div>
        </section>
      </div>
    </Dialog>
  );
}

function VisibilityFields({ sharing, isBusy, onChange }: { sharing: VideoSharing; isBusy: boolean; onChange: (change: Partial<VideoSharing>) => void }) {
  const { visibility, visibleFrom, isDownloadable } = sharing;
  const choices = (['course', 'link', 'public'] as const).map((value) => ({ value, label: text.sharing.visibilities[value] }));
  return (
    <>
      <Select
        label={text.sharing.visibility}
        hint={text.sharing.visibilityHints[visibility]}
        value={visibility}
        choices={choices}
        disabled={isBusy}
        onValue={(value) => onChange({ visibility: value as VideoSharing['visibility'] })}
      />
      <TextField
        label={text.sharing.visibleFrom}
        hint={text.sharing.visibleFromHint}
        type="datetime-local"
        value={visibleFrom === null ? '' : toLocalInput(new Date(visibleFrom))}
        disabled={isBusy}
        onValue={(value) => onChange({ visibleFrom: value === '' ? null : fromLocalInput(value) })}
      />
      <Checkbox
        label={text.sharing.allowDownload}
        hint={text.sharing.allowDownloadHint}
        isChecked={isDownloadable}
        disabled={isBusy}
        onChecked={(isChecked) => onChange({ isDownloadable: isChecked })}
      />
    </>
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
