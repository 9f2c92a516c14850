//! The few things said of X.509 certificates: fingerprint, name, end.

use jiff::Timestamp;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use x509_parser::prelude::{FromDer as _, X509Certificate};

/// SHA-256 over the DER, upper-case hex in pairs with colons.
pub(crate) fn fingerprint(der: &[u8]) -> String {
    Sha256::digest(der).iter().fold(String::new(), |mut text, byte| {
        let colon = if text.is_empty() { "" } else { ":" };
        write!(text, "{colon}{byte:02X}").expect("a String takes it");
        text
    })
}

/// The certificates of a PEM text, DER.
pub(crate) fn all_of_pem(pem: &[u8]) -> Vec<Vec<u8>> {
    CertificateDer::pem_slice_iter(pem).filter_map(|der| Some(der.ok()?.to_vec())).collect()
}

/// What the first certificate of a PEM text says; `None` when there is none that can be read.
pub(crate) fn first_of_pem(pem: &[u8]) -> Option<Facts> {
    let der = CertificateDer::pem_slice_iter(pem).next()?.ok()?;
    let (_, certificate) = X509Certificate::from_der(&der).ok()?;
    let common_name = certificate.subject().iter_common_name().next().and_then(|name| name.as_str().ok());
    Some(Facts {
        common_name: common_name.unwrap_or_default().to_owned(),
        not_after: Timestamp::from_second(certificate.validity().not_after.timestamp()).ok()?,
    })
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Facts {
    pub common_name: String,
    pub not_after: Timestamp,
}
