//! Encrypted payloads: AES-128-CBC with PKCS #7 padding (NIST SP 800-38A,
//! RFC 5652 section 6.3), as the GrowthBook API sends them on request.

use aes::Aes128;
use aes::cipher::{BlockCipherDecrypt, KeyInit};

const BLOCK: usize = 16;

/// Returns the text that `encrypted` (`iv.body`, each in base64) holds.
///
/// The key is 16 bytes in base64. Errors say which part is wrong; a wrong key
/// shows as wrong padding.
pub fn decrypt(encrypted: &str, key: &str) -> Result<String, String> {
    let (iv, body) = encrypted.split_once('.').ok_or("the encrypted text has no `.` between its start and its body")?;
    let key = block(key, "the decryption key")?;
    let iv = block(iv, "the start of the encrypted text")?;
    let body = base64(body).ok_or("the body of the encrypted text is not base64")?;
    let plain = unpad(unchain(&Aes128::new(&key.into()), iv, &body)?)?;
    String::from_utf8(plain).map_err(|_| wrong_key())
}

fn wrong_key() -> String {
    "the text does not decrypt with this key".to_owned()
}

fn block(text: &str, what: &str) -> Result<[u8; BLOCK], String> {
    base64(text)
        .and_then(|bytes| <[u8; BLOCK]>::try_from(bytes).ok())
        .ok_or_else(|| format!("{what} is not 16 bytes in base64"))
}

/// Undoes cipher block chaining: each block is mixed with the one before it.
fn unchain(cipher: &Aes128, iv: [u8; BLOCK], body: &[u8]) -> Result<Vec<u8>, String> {
    let (blocks, rest) = body.as_chunks::<BLOCK>();
    if !rest.is_empty() {
        return Err("the body of the encrypted text is cut".to_owned());
    }
    let mut before = iv;
    let mut plain = Vec::with_capacity(body.len());
    for &chunk in blocks {
        let mut block = chunk.into();
        cipher.decrypt_block(&mut block);
        plain.extend(block.iter().zip(before).map(|(byte, mix)| byte ^ mix));
        before = chunk;
    }
    Ok(plain)
}

fn unpad(mut plain: Vec<u8>) -> Result<Vec<u8>, String> {
    let pad = plain.last().copied().ok_or_else(wrong_key)?;
    let keep = plain.len().checked_sub(usize::from(pad)).ok_or_else(wrong_key)?;
    let padding = plain.get(keep..).unwrap_or_default();
    if pad == 0 || usize::from(pad) > BLOCK || padding.iter().any(|&byte| byte != pad) {
        return Err(wrong_key());
    }
    plain.truncate(keep);
    Ok(plain)
}

/// Returns the bytes of base64 text (RFC 4648 section 4, padded).
fn base64(text: &str) -> Option<Vec<u8>> {
    let (quads, rest) = text.as_bytes().as_chunks::<4>();
    if !rest.is_empty() {
        return None;
    }
    let mut bytes = Vec::with_capacity(quads.len() * 3);
    for (at, quad) in quads.iter().enumerate() {
        let pads = quad.iter().rev().take_while(|&&byte| byte == b'=').count();
        if pads > 2 || (pads > 0 && at + 1 != quads.len()) {
            return None;
        }
        let bits = quad.iter().take(4 - pads).try_fold(0_u32, |bits, &byte| Some(bits << 6 | sextet(byte)?))?;
        let [_, a, b, c] = (bits << (6 * pads)).to_be_bytes();
        bytes.extend([a, b, c].into_iter().take(3 - pads));
    }
    Some(bytes)
}

fn sextet(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
