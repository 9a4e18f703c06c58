/** The drawn map: fits its area, can be moved and zoomed; systems are reached by Tab and the arrow keys. */
import '@xyflow/react/dist/base.css';
import { ReactFlow, ReactFlowProvider, useReactFlow } from '@xyflow/react';
import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { type KeyboardEvent, useEffect, useMemo, useRef } from 'react';
import { IconButton } from '../../parts/button.tsx';
import { useShortcuts } from '../../parts/use-shortcuts.ts';
import { useFamilyName } from '../spokes/api.ts';
import { type Chosen, isAside } from './chosen.ts';
import { HubNode } from './hub-node.tsx';
import { isTroubled } from './link-look.ts';
import styles from './map.module.css';
import { layoutMap, type Size } from './map-layout.ts';
import type { MapModel } from './map-model.ts';
import { type Strand, strandsOf, strandWidth } from './map-strands.ts';
import { Pulses } from './pulses.tsx';
import { SpokeNode } from './spoke-node.tsx';
import { StrandEdge, type StrandEdgeType } from './strand-edge.tsx';
import { useMapTexts } from './texts.ts';
import { useArea } from './use-area.ts';

const NODE_TYPES = { spoke: SpokeNode, hub: HubNode };
const EDGE_TYPES = { strand: StrandEdge };
const FIT = { padding: 0.02, maxZoom: 1, minZoom: 0.1 };
const HUB_ID = ' hub';
/** React Flow describes nodes for its own keys, which are not used here. */
const PLAIN = { 'aria-roledescription': undefined, 'aria-describedby': undefined };
const MOVES: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export interface MapCanvasProps {
  model: MapModel;
  /** Messages that come in. */
  perSecond: number | null;
  chosen: Chosen | null;
  onChoose: (chosen: Chosen) => void;
  /** Names of the systems that fit what is searched for; null: nothing is. */
  found: ReadonlySet<string> | null;
}

export function MapCanvas(props: MapCanvasProps) {
  const t = useMapTexts();
  const box = useRef<HTMLDivElement>(null);
  const area = useArea(box);
  const keys = (event: KeyboardEvent) => {
    const move = MOVES[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const nodes = [...(box.current?.querySelectorAll<HTMLElement>('[data-node]') ?? [])];
    const at = nodes.findIndex((node) => node.contains(document.activeElement));
    if (at === -1) return;
    event.preventDefault();
    nodes[(at + move + nodes.length) % nodes.length]?.focus();
  };
  return (
    <section ref={box} className={styles['canvas']} aria-label={t.region} onKeyDown={keys}>
      {area === null ? null : (
        <ReactFlowProvider>
          <Drawing {...props} area={area} />
        </ReactFlowProvider>
      )}
    </section>
  );
}

function Drawing({ model, perSecond, chosen, onChoose, found, area }: MapCanvasProps & { area: Size }) {
  const t = useMapTexts();
  const familyName = useFamilyName();
  const members = model.spokes.map(({ name, family }) => `${family} ${name}`).join('\n');
  // Only who there is and the room there is decide the places, not how they are.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the members stand for the spokes
  const layout = useMemo(() => layoutMap(model.spokes, area), [members, area]);
  const strands = useMemo(() => strandsOf(model, layout), [model, layout]);
  const nodes = useMemo(() => {
    const spokes = new Map(model.spokes.map((spoke) => [spoke.name, spoke]));
    return [
      ...layout.spokes.flatMap(({ name, x, y, leads }) => {
        const spoke = spokes.get(name);
        if (spoke === undefined) return [];
        const data = {
          ...{ spoke, compact: layout.compact, family: leads ? familyName(spoke.family) : null, below: y > 0 },
          ...{ found: found?.has(name) ?? false, chosen: chosen?.kind === 'spoke' && chosen.name === name },
        };
        return [{ id: name, type: 'spoke' as const, data, ...around(x, y, layout.node), domAttributes: PLAIN }];
      }),
      { id: HUB_ID, type: 'hub' as const, data: { perSecond, compact: layout.compact }, ...around(0, 0, layout.hub), domAttributes: PLAIN },
    ];
  }, [model, layout, perSecond, found, chosen, familyName]);
  const edges = useMemo((): StrandEdgeType[] => {
    const most = Math.max(0, ...strands.map((strand) => strand.perSecond));
    const said = new Set<string>();
    return strands.map((strand) => ({
      ...{ id: strand.id, type: 'strand', focusable: false, domAttributes: { 'aria-hidden': true } },
      ...(strand.direction === 'in' ? { source: strand.spoke, target: HUB_ID } : { source: HUB_ID, target: strand.spoke }),
      data: {
        strand,
        width: strandWidth(strand.perSecond, most),
        compact: layout.compact,
        ...{ labelled: saysTrouble(strand, said), aside: isAside(strand, chosen, model) },
      },
    }));
  }, [strands, layout, chosen, model]);
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      nodeTypes={NODE_TYPES}
      edgeTypes={EDGE_TYPES}
      onEdgeClick={(_, { data }) => {
        const [only, ...others] = data?.strand.routes ?? [];
        if (data === undefined || only === undefined) return;
        onChoose(others.length === 0 ? { kind: 'route', name: only } : { kind: 'spoke', name: data.strand.spoke });
      }}
      nodesDraggable={false}
      nodesConnectable={false}
      nodesFocusable={false}
      edgesFocusable={false}
      elementsSelectable={true}
      selectNodesOnDrag={false}
      deleteKeyCode={null}
      selectionKeyCode={null}
      multiSelectionKeyCode={null}
      disableKeyboardA11y
      zoomOnDoubleClick={false}
      minZoom={0.1}
      maxZoom={2.5}
      fitView
      fitViewOptions={FIT}
      aria-label={t.region}
    >
      <Steering layoutKey={`${members}\n${area.width} ${area.height}`} />
      <Pulses strands={strands} />
    </ReactFlow>
  );
}

/** @param said what was said already, added to */
function saysTrouble({ spoke, direction, state }: Strand, said: Set<string>): boolean {
  const key = `${spoke} ${direction} ${state}`;
  if (!isTroubled(state) || said.has(key)) return false;
  said.add(key);
  return true;
}

function around(x: number, y: number, { width, height }: Size) {
  return { position: { x: x - width / 2, y: y - height / 2 }, width, height };
}

/** Zooming, and the whole map again when it is laid out anew. */
function Steering({ layoutKey }: { layoutKey: string }) {
  const t = useMapTexts();
  const flow = useReactFlow();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new layout is shown whole
  useEffect(() => {
    const frame = requestAnimationFrame(() => void flow.fitView(FIT));
    return () => cancelAnimationFrame(frame);
  }, [layoutKey, flow]);
  useShortcuts([
    { keys: 'f', description: t.fit, run: () => void flow.fitView(FIT) },
    { keys: '+', description: t.zoomIn, run: () => void flow.zoomIn() },
    { keys: '-', description: t.zoomOut, run: () => void flow.zoomOut() },
  ]);
  return (
    <div className={styles['steering']}>
      <IconButton label={t.zoomIn} icon={<ZoomIn />} size="small" onClick={() => void flow.zoomIn()} />
      <IconButton label={t.zoomOut} icon={<ZoomOut />} size="small" onClick={() => void flow.zoomOut()} />
      <IconButton label={t.fit} icon={<Maximize />} size="small" onClick={() => void flow.fitView(FIT)} />
    </div>
  );
}
