import { ArrowUpDown, Download, Eye, RefreshCw, Shapes, Trash2, X } from 'lucide-preact';
import { useState } from 'preact/hooks';
import { videoTrashDays } from '#api/contract';
import type { BulkAction } from '#api/contract';
import { api } from '../app/services.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, ConfirmDialog, IconButton, Menu } from '../design/index.ts';
import { text } from '../text/index.ts';

interface BulkBarProps {
  count: number;
  /** The videos have an order that can be changed. */
  canMove: boolean;
  /** All of them may be deleted by this person. */
  canDelete: boolean;
  isBusy: boolean;
  onAction: (action: BulkAction) => void;
  onSelectAll: () => void;
  onClear: () => void;
}

/** What can be done with the selected videos. It is at the bottom of the window while some are. */
export function BulkBar({ count, canMove, canDelete, isBusy, onAction, onSelectAll, onClear }: BulkBarProps) {
  const [isDeleting, setDeleting] = useState(false);
  const { data } = useLoaded((signal) => api.listCategories({}, { signal }), []);
  const categories = data?.categories ?? [];
  const t = text.library;
  return (
    <section class="bulk" aria-label={t.bulk}>
      <span class="bulk__count tabular" role="status">
        {t.selected(count)}
      </span>
      <div class="bulk__actions" aria-busy={isBusy}>
        <Menu
          label={t.changeVisibility}
          side="above"
          trigger={<Trigger icon={<Eye aria-hidden="true" size={20} />} label={t.changeVisibility} />}
          items={(['course', 'link', 'public'] as const).map((visibility) => ({ key: visibility, label: t.visibilities[visibility], onSelect: () => onAction({ kind: 'visibility', visibility }) }))}
        />
        <Menu
          label={t.changeDownload}
          side="above"
          trigger={<Trigger icon={<Download aria-hidden="true" size={20} />} label={t.changeDownload} />}
          items={[
            { key: 'on', label: t.allowDownload, onSelect: () => onAction({ kind: 'download', isDownloadable: true }) },
            { key: 'off', label: t.forbidDownload, onSelect: () => onAction({ kind: 'download', isDownloadable: false }) },
          ]}
        />
        {categories.length > 0 ? (
          <Menu
            label={t.changeCategory}
            side="above"
            trigger={<Trigger icon={<Shapes aria-hidden="true" size={20} />} label={t.changeCategory} />}
            items={[{ id: null, name: t.noCategory }, ...categories].map(({ id, name }) => ({ key: id ?? '', label: name, onSelect: () => onAction({ kind: 'category', categoryId: id }) }))}
          />
        ) : null}
        {canMove ? (
          <Menu
            label={t.changeOrder}
            side="above"
            trigger={<Trigger icon={<ArrowUpDown aria-hidden="true" size={20} />} label={t.changeOrder} />}
            items={[
              { key: 'first', label: t.toBeginning, onSelect: () => onAction({ kind: 'move', to: 'first' }) },
              { key: 'last', label: t.toEnd, onSelect: () => onAction({ kind: 'move', to: 'last' }) },
            ]}
          />
        ) : null}
        <Button variant="quiet" onClick={() => onAction({ kind: 'transcode' })}>
          <Trigger icon={<RefreshCw aria-hidden="true" size={20} />} label={t.transcode} />
        </Button>
        {canDelete ? (
          <Button variant="quiet" class="bulk__delete" onClick={() => setDeleting(true)}>
            <Trigger icon={<Trash2 aria-hidden="true" size={20} />} label={t.delete} />
          </Button>
        ) : null}
      </div>
      <div class="bulk__end">
        <Button variant="quiet" onClick={onSelectAll}>
          {t.selectAll}
        </Button>
        <IconButton label={t.unselect} onClick={onClear}>
          <X aria-hidden="true" size={20} />
        </IconButton>
      </div>
      {isDeleting ? (
        <ConfirmDialog
          title={t.deleteTitle(count)}
          message={t.deleteMessage(count, videoTrashDays)}
          confirmLabel={t.delete}
          onConfirm={() => {
            setDeleting(false);
            onAction({ kind: 'delete' });
          }}
          onClose={() => setDeleting(false)}
        />
      ) : null}
    </section>
  );
}

function Trigger({ icon, label }: { icon: preact.ComponentChildren; label: string }) {
  return (
    <>
      {icon}
      <span class="bulk__label">{label}</span>
    </>
  );
}
