/** Ways in which a simulated directory can misbehave on the wire. */
import type { Socket } from 'node:net';
import { integer, tlv } from '@nave/protocols';

export type DirectoryFault =
  | { kind: 'result'; code: number; diagnostic?: string }
  /** Never answers; `applied`: after the request took effect. */
  | { kind: 'hang'; applied?: boolean }
  /** Cuts the connection; `applied`: after the request took effect. */
  | { kind: 'reset'; when: 'before-answer' | 'mid-answer'; applied?: boolean }
  /** Claims more than it sends, then closes. */
  | { kind: 'truncated' }
  /** Something that is not LDAP. */
  | { kind: 'malformed' }
  /** A well-framed answer in which an inner length reaches beyond its end. */
  | { kind: 'lying-length' }
  | { kind: 'oversized'; bytes: number }
  /** The server's own goodbye (RFC 4511 section 4.4.1), then the close. */
  | { kind: 'notice' };

export function answerWithFault(socket: Socket, id: number, fault: Exclude<DirectoryFault, { kind: 'result' }>): void {
  switch (fault.kind) {
    case 'hang':
      return;
    case 'reset':
      if (fault.when === 'before-answer') reset(socket);
      else socket.write(Buffer.from([0x30, 0x50, 0x02, 0x01]), () => reset(socket));
      return;
    case 'truncated':
      socket.end(Buffer.from([0x30, 0x50, 0x02, 0x01, id & 0x7f]));
      return;
    case 'malformed':
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      return;
    case 'lying-length':
      socket.write(
        tlv(
          0x30,
          integer(id),
          tlv(0x64, tlv(0x04, 'cn=x'), tlv(0x30, tlv(0x30, tlv(0x04, 'cn'), Buffer.from([0x31, 0x03, 0x04, 0x7f, 0x61])))),
        ),
      );
      return;
    case 'oversized':
      socket.write(
        tlv(
          0x30,
          integer(id),
          tlv(0x64, tlv(0x04, 'cn=x'), tlv(0x30, tlv(0x30, tlv(0x04, 'photo'), tlv(0x31, tlv(0x04, Buffer.alloc(fault.bytes)))))),
        ),
      );
      return;
    case 'notice':
      socket.end(tlv(0x30, integer(0), tlv(0x78, integer(52, 0x0a), tlv(0x04, ''), tlv(0x04, ''), tlv(0x8a, '1.3.6.1.4.1.1466.20036'))));
      return;
  }
}

function reset(socket: Socket): void {
  socket.destroy();
}
