import { ArrowDown, ArrowUp, Download, FilePlus, Link, Pencil, RefreshCw, Trash2 } from 'lucide-preact';
import { useRef, useState } from 'preact/hooks';
import { maxMaterialBytes } from '#api/contract';
import type { CourseDetail, Material } from '#api/contract';
import { may } from '#engine/contract';
import { LoadFailure } from '../app/LoadFailure.tsx';
import { api } from '../app/services.ts';
import { useToastedAction } from '../app/useAction.ts';
import { useLoaded } from '../app/useLoaded.ts';
import { Button, ConfirmDialog, EmptyState, Loading, showToast, SkeletonList } from '../design/index.ts';
import type { MenuItem } from '../design/index.ts';
import { moved } from '../quizzes/moved.ts';
import { formatNumber } from '../text/format.ts';
import { text } from '../text/index.ts';
import { MaterialDialog } from './MaterialDialog.tsx';
import { MaterialItem } from './MaterialItem.tsx';
import './materials.css';
import { downloadMaterial } from './openFile.ts';

type Opened = { kind: 'link' } | { kind: 'edit' | 'remove'; material: Material };

/** The files and links of a course. */
export function Materials({ course }: { course: CourseDetail }) {
  const params = { courseId: course.id };
  const { data, error, reload } = useLoaded((signal) => api.listMaterials({ params }, { signal }), [course.id]);
  const [opened, setOpened] = useState<Opened>();
  const canEdit = may(course.role ?? undefined, 'material.edit') && course.state !== 'archived';
  const materials = data?.materials ?? [];
  const upload = useUpload(course.id, reload);
  const changed = () => {
    setOpened(undefined);
    reload();
  };
  const move = useToastedAction(async (index: number, by: -1 | 1) => {
    await api.orderMaterials({ params, body: { materialIds: moved(materials, index, by).map(({ id }) => id) } });
    reload();
  });
  const actions = (material: Material, index: number): MenuItem[] => [
    { key: 'edit', label: text.materials.edit, icon: <Pencil aria-hidden="true" />, onSelect: () => setOpened({ kind: 'edit', material }) },
    ...(material.file
      ? [
          { key: 'download', label: text.materials.download, icon: <Download aria-hidden="true" />, onSelect: () => void downloadMaterial(material) },
          { key: 'replace', label: text.materials.replace, icon: <RefreshCw aria-hidden="true" />, onSelect: () => upload.choose(material) },
        ]
      : []),
    ...(index > 0 ? [{ key: 'up', label: text.materials.up, icon: <ArrowUp aria-hidden="true" />, onSelect: () => move.run(index, -1) }] : []),
    ...(index < materials.length - 1 ? [{ key: 'down', label: text.materials.down, icon: <ArrowDown aria-hidden="true" />, onSelect: () => move.run(index, 1) }] : []),
    { key: 'remove', label: text.materials.remove, icon: <Trash2 aria-hidden="true" />, isDanger: true, onSelect: () => setOpened({ kind: 'remove', material }) },
  ];
  if (!data) return error ? <LoadFailure error={error} onRetry={reload} /> : <SkeletonList rows={3} />;
  return (
    <div class="course-body">
      {canEdit ? <Additions upload={upload} isFirst={materials.length === 0} onLink={() => setOpened({ kind: 'link' })} /> : null}
      {materials.length === 0 ? <EmptyState title={text.materials.noneTitle}>{canEdit ? text.materials.noneInstructor : text.materials.noneStudent}</EmptyState> : null}
      <ul class="materials">
        {materials.map((material, index) => (
          <MaterialItem key={material.id} material={material} actions={canEdit ? actions(material, index) : []} />
        ))}
      </ul>
      <OpenedDialog courseId={course.id} opened={opened} onClose={() => setOpened(undefined)} onDone={changed} />
    </div>
  );
}

/** Chooses a file of the device and sends it: as a new material, or in the place of another's file. */
function useUpload(courseId: string, onDone: () => void) {
  const input = useRef<HTMLInputElement>(null);
  const replaced = useRef<Material>();
  const [busyWith, setBusyWith] = useState<string>();
  const send = useToastedAction(async (file: File) => {
    if (file.size > maxMaterialBytes) {
      showToast({ text: text.materials.tooLarge(text.materials.size(formatNumber(maxMaterialBytes / 2 ** 20, 0))), tone: 'danger' });
      return;
    }
    setBusyWith(file.name);
    try {
      const query = { fileName: file.name.slice(-120) };
      const material = replaced.current;
      if (material) await api.replaceMaterialFile({ params: { courseId, materialId: material.id }, query, body: file });
      else await api.uploadMaterial({ params: { courseId }, query, body: file });
      showToast({ text: material ? text.materials.replaced : text.materials.added });
      onDone();
    } finally {
      setBusyWith(undefined);
    }
  });
  return {
    busyWith,
    choose: (material?: Material) => {
      replaced.current = material;
      input.current?.click();
    },
    field: (
      <input
        ref={input}
        type="file"
        hidden
        aria-label={text.materials.addFile}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          currentTarget.value = '';
          if (file) send.run(file);
        }}
      />
    ),
  };
}

function Additions({ upload, isFirst, onLink }: { upload: ReturnType<typeof useUpload>; isFirst: boolean; onLink: () => void }) {
  return (
    <div class="materials__add">
      <Button variant={isFirst ? 'primary' : 'secondary'} onClick={() => upload.choose()}>
        <FilePlus aria-hidden="true" size={20} />
        {text.materials.addFile}
      </Button>
      <Button onClick={onLink}>
        <Link aria-hidden="true" size={20} />
        {text.materials.addLink}
      </Button>
      {upload.field}
      {upload.busyWith === undefined ? null : <Loading label={text.materials.uploading(upload.busyWith)} />}
    </div>
  );
}

function OpenedDialog({ courseId, opened, onClose, onDone }: { courseId: string; opened: Opened | undefined; onClose: () => void; onDone: () => void }) {
  const remove = useToastedAction(async ({ id: materialId }: Material) => {
    await api.deleteMaterial({ params: { courseId, materialId } });
    showToast({ text: text.materials.removed });
    onDone();
  });
  switch (opened?.kind) {
    case undefined:
      return null;
    case 'link':
      return <MaterialDialog courseId={courseId} onClose={onClose} onDone={onDone} />;
    case 'edit':
      return <MaterialDialog courseId={courseId} material={opened.material} onClose={onClose} onDone={onDone} />;
    case 'remove':
      return <ConfirmDialog title={text.materials.removeTitle} message={opened.material.title} confirmLabel={text.materials.remove} isBusy={remove.isBusy} onConfirm={() => remove.run(opened.material)} onClose={onClose} />;
  }
}
