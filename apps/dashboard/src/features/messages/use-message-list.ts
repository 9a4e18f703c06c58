/** The list of messages for a filter: pages at its end, what happens live at its top. */
import { startTransition, useEffect, useEffectEvent, useMemo, useState } from 'react';
import { hub } from '../../api/client.ts';
import { useLive, useLiveState } from '../../api/live.ts';
import { createMessageList, type ListSnapshot, type MessageListStore } from './message-list.ts';
import { eventsAnswer, type MessageFilter } from './message-search.ts';

/** @param filter keep it stable: another one begins another list */
export function useMessageList(filter: MessageFilter, live: boolean): ListSnapshot & { list: MessageListStore } {
  const list = useMemo(() => {
    const how = !live ? 'off' : eventsAnswer(filter) ? 'events' : 'asked';
    return createMessageList({ filter, live: how, read: (query) => hub.messages.list(query), now: Date.now, later });
  }, [filter, live]);
  useEffect(() => {
    list.start();
    return () => list.stop();
  }, [list]);
  useLive((batch) => list.take(batch));
  const connection = useLiveState();
  const connected = useEffectEvent(() => list.catchUp());
  useEffect(() => {
    if (connection === 'open') connected();
  }, [connection]);
  return { ...useSnapshot(list), list };
}

/** What the list is now. Drawn piece by piece: what the reader does comes first. */
function useSnapshot(list: MessageListStore): ListSnapshot {
  const [seen, setSeen] = useState({ list, snapshot: list.snapshot() });
  useEffect(() => {
    const look = () => startTransition(() => setSeen({ list, snapshot: list.snapshot() }));
    look();
    return list.subscribe(look);
  }, [list]);
  return seen.list === list ? seen.snapshot : list.snapshot();
}

function later(run: () => void, ms: number): () => void {
  const timer = window.setTimeout(run, ms);
  return () => window.clearTimeout(timer);
}
