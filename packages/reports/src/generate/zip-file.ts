import { Buffer } from 'node:buffer'
import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipMember {
  name: string
  bytes: Uint8Array
  /** Deflated content in place of `bytes`, and the size that the header claims: for bombs, which nobody wants to have in memory. */
  deflated?: { data: Uint8Array; size: number }
}

/** Writes a zip archive (APPNOTE 6.3, deflated, no zip64). Each member is written as given, hostile names too. */
export function writeZip(members: readonly ZipMember[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const member of members) {
    const name = Buffer.from(member.name)
    const packed = member.deflated?.data ?? deflateRawSync(member.bytes)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0) // version needed: 2.0
    fields.writeUInt16LE(8, 4) // deflated
    fields.writeUInt16LE(0x5821, 8) // 1 January 2024
    fields.writeUInt32LE(crc32(member.bytes), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(member.deflated?.size ?? member.bytes.length, 18)
    fields.writeUInt16LE(name.length, 22)
    const place = Buffer.alloc(14)
    place.writeUInt32LE(offset, 10)
    const file = Buffer.concat([Buffer.from('PK\x03\x04'), fields, name, packed])
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), fields, place, name]))
    files.push(file)
    offset += file.length
  }
  const listing = Buffer.concat(directory)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(members.length, 4)
  end.writeUInt16LE(members.length, 6)
  end.writeUInt32LE(listing.length, 8)
  end.writeUInt32LE(offset, 12)
  return Buffer.concat([...files, listing, Buffer.from('PK\x05\x06'), end])
}
