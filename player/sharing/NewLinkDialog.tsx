import { useState } from 'preact/hooks';
import type { SharingAddresses, VideoView } from '#api/contract';
import { ActionForm } from '../app/ActionForm.tsx';
import { api } from '../app/services.ts';
import { useAction } from '../app/useAction.ts';
import { Button, CopyField, Dialog, DialogActions, Select, TextArea, TextField } from '../design/index.ts';
import { fromLocalInput } from '../text/format.ts';
import { text } from '../text/index.ts';

type Embedding = 'none' | 'every' | 'some';

interface NewLinkProps {
  video: Pick<VideoView, 'id' | 'title'>;
  onCreated: () => void;
  onClose: () => void;
}

/** Creates a sharing link, and shows its addresses once. */
export function NewLinkDialog({ video, onCreated, onClose }: NewLinkProps) {
  const [form, setForm] = useState({ label: '', expiry: '', embedding: 'none' as Embedding, sites: '' });
  const [addresses, setAddresses] = useState<SharingAddresses>();
  const create = useAction(async () => {
    const sites = form.embedding === 'every' ? ['*'] : form.embedding === 'none' ? [] : form.sites.split(/[\s,]+/).filter((site) => site !== '').map((site) => site.toLowerCase().replace(/\/+$/, ''));
    const expiresAt = form.expiry === '' ? null : fromLocalInput(form.expiry);
    const created = await api.createLink({ params: { videoId: video.id }, body: { label: form.label, sites, expiresAt } });
    setAddresses(created.addresses);
    onCreated();
  });
  if (addresses) return <Addresses title={video.title} addresses={addresses} isEmbeddable={form.embedding !== 'none'} onClose={onClose} />;
  const choices = (['none', 'every', 'some'] as const).map((value) => ({ value, label: text.sharing.embeddings[value] }));
  return (
    <Dialog title={text.sharing.add} onClose={onClose}>
      <ActionForm action={create}>
        <TextField label={text.sharing.label} hint={text.sharing.labelHint} value={form.label} error={create.fieldProblem('label')} onValue={(label) => setForm({ ...form, label })} autofocus />
        <TextField label={text.sharing.expiry} hint={text.sharing.expiryHint} type="datetime-local" value={form.expiry} error={create.fieldProblem('expiresAt')} onValue={(expiry) => setForm({ ...form, expiry })} />
        <Select label={text.sharing.embedding} value={form.embedding} choices={choices} onValue={(embedding) => setForm({ ...form, embedding: embedding as Embedding })} />
        {form.embedding === 'some' ? (
          <TextArea label={text.sharing.sites} hint={text.sharing.sitesHint} rows={3} dir="ltr" value={form.sites} error={create.fieldProblem('sites.0') ?? create.fieldProblem('sites')} onValue={(sites) => setForm({ ...form, sites })} />
        ) : null}
        <DialogActions>
          <Button onClick={onClose}>{text.actions.cancel}</Button>
          <Button type="submit" variant="primary" isBusy={create.isBusy}>
            {text.sharing.add}
          </Button>
        </DialogActions>
      </ActionForm>
    </Dialog>
  );
}

function Addresses({ title, addresses, isEmbeddable, onClose }: { title: string; addresses: SharingAddresses; isEmbeddable: boolean; onClose: () => void }) {
  return (
    <Dialog title={text.sharing.created} onClose={onClose} isKept>
      <div class="stack">
        <p>{text.sharing.createdHint}</p>
        <CopyField label={text.sharing.page} value={addresses.pageUrl} />
        {isEmbeddable ? <CopyField label={text.sharing.embedCode} value={addresses.embedCode} /> : null}
        <CopyField label={text.sharing.playerUrl} value={addresses.playerUrl} hint={text.sharing.playerUrlHint} />
        {isEmbeddable ? (
          <figure class="sharing-preview">
            <figcaption class="field__label">{text.sharing.preview}</figcaption>
            <iframe src={addresses.embedUrl} title={title} allow="fullscreen; picture-in-picture" />
          </figure>
        ) : null}
        <DialogActions>
          <Button variant="primary" onClick={onClose}>
            {text.sharing.done}
          </Button>
        </DialogActions>
      </div>
    </Dialog>
  );
}
