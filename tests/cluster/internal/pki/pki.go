// Package pki makes the keys, certificates and kubeconfigs of a cluster.
package pki

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

// Validity of everything that is not asked to expire earlier. A cluster lives for hours.
const Validity = 30 * 24 * time.Hour

// Pair is a certificate with its key.
type Pair struct {
	Certificate *x509.Certificate
	Key         *ecdsa.PrivateKey
}

// Subject says whom a certificate is for.
type Subject struct {
	Name   string
	Groups []string
	Hosts  []string // names and addresses; a certificate with hosts is a server's as well
	From   time.Time
	Until  time.Time
}

// NewCA makes a self-signed authority.
func NewCA(name string) (*Pair, error) {
	template := &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-2 * Validity), // older than the oldest expired certificate that is minted
		NotAfter:              time.Now().Add(Validity),
		KeyUsage:              x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		BasicConstraintsValid: true,
		IsCA:                  true,
	}
	pair, err := sign(template, nil)
	if err != nil {
		return nil, fmt.Errorf("make the authority %s: %w", name, err)
	}
	return pair, nil
}

// Issue makes a certificate for the subject, signed by ca. Zero times mean from an hour ago until Validity.
func (ca *Pair) Issue(s Subject) (*Pair, error) {
	template := &x509.Certificate{
		Subject:     pkix.Name{CommonName: s.Name, Organization: s.Groups},
		NotBefore:   s.From,
		NotAfter:    s.Until,
		KeyUsage:    x509.KeyUsageDigitalSignature | x509.KeyUsageKeyEncipherment,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if s.From.IsZero() {
		template.NotBefore = time.Now().Add(-time.Hour)
	}
	if s.Until.IsZero() {
		template.NotAfter = time.Now().Add(Validity)
	}
	for _, host := range s.Hosts {
		if ip := net.ParseIP(host); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, host)
		}
	}
	if len(s.Hosts) > 0 {
		template.ExtKeyUsage = append(template.ExtKeyUsage, x509.ExtKeyUsageServerAuth)
	}
	pair, err := sign(template, ca)
	if err != nil {
		return nil, fmt.Errorf("issue a certificate for %s: %w", s.Name, err)
	}
	return pair, nil
}

func sign(template *x509.Certificate, ca *Pair) (*Pair, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 120)); err != nil {
		return nil, err
	}
	parent, signer := template, key
	if ca != nil {
		parent, signer = ca.Certificate, ca.Key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	return &Pair{certificate, key}, nil
}

// CertificatePEM is the certificate as PEM.
func (p *Pair) CertificatePEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: p.Certificate.Raw})
}

// KeyPEM is the private key as PEM.
func (p *Pair) KeyPEM() []byte { return KeyPEM(p.Key) }

// KeyPEM is a private key as PEM.
func KeyPEM(key *ecdsa.PrivateKey) []byte {
	der, err := x509.MarshalECPrivateKey(key)
	if err != nil {
		panic("a key on P-256 always encodes: " + err.Error())
	}
	return pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: der})
}

// Write puts NAME.crt and NAME.key into dir.
func (p *Pair) Write(dir, name string) error {
	for file, content := range map[string][]byte{name + ".crt": p.CertificatePEM(), name + ".key": p.KeyPEM()} {
		if err := os.WriteFile(filepath.Join(dir, file), content, 0o600); err != nil {
			return fmt.Errorf("write the certificate of %s: %w", name, err)
		}
	}
	return nil
}

// Read gets NAME.crt and NAME.key from dir.
func Read(dir, name string) (*Pair, error) {
	certificateBlock, err := readBlock(filepath.Join(dir, name+".crt"))
	if err != nil {
		return nil, err
	}
	certificate, err := x509.ParseCertificate(certificateBlock)
	if err != nil {
		return nil, fmt.Errorf("parse %s.crt: %w", name, err)
	}
	key, err := ReadKey(filepath.Join(dir, name+".key"))
	if err != nil {
		return nil, err
	}
	return &Pair{certificate, key}, nil
}

// ReadKey gets a private key from a PEM file.
func ReadKey(path string) (*ecdsa.PrivateKey, error) {
	block, err := readBlock(path)
	if err != nil {
		return nil, err
	}
	key, err := x509.ParseECPrivateKey(block)
	if err != nil {
		return nil, fmt.Errorf("parse the key %s: %w", path, err)
	}
	return key, nil
}

func readBlock(path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the certificate or key: %w", err)
	}
	block, _ := pem.Decode(content)
	if block == nil {
		return nil, fmt.Errorf("read %s: no PEM block in it", path)
	}
	return block.Bytes, nil
}
