package pki

import (
	"crypto/x509"
	"path/filepath"
	"testing"
	"time"

	"k8s.io/client-go/tools/clientcmd"
)

func authority(t *testing.T) *Pair {
	t.Helper()
	ca, err := NewCA("test")
	if err != nil {
		t.Fatal(err)
	}
	return ca
}

func verify(ca, pair *Pair, usage x509.ExtKeyUsage) error {
	roots := x509.NewCertPool()
	roots.AddCert(ca.Certificate)
	_, err := pair.Certificate.Verify(x509.VerifyOptions{Roots: roots, KeyUsages: []x509.ExtKeyUsage{usage}})
	return err
}

func TestIssue(t *testing.T) {
	ca, other := authority(t), authority(t)
	tests := []struct {
		name    string
		ca      *Pair
		subject Subject
		usage   x509.ExtKeyUsage
		valid   bool
	}{
		{"client", ca, Subject{Name: "ann", Groups: []string{"dev"}}, x509.ExtKeyUsageClientAuth, true},
		{"a client is no server", ca, Subject{Name: "ann"}, x509.ExtKeyUsageServerAuth, false},
		{"server", ca, Subject{Name: "api", Hosts: []string{"127.10.1.1", "localhost"}}, x509.ExtKeyUsageServerAuth, true},
		{"expired", ca, Subject{Name: "old", From: time.Now().Add(-2 * time.Hour), Until: time.Now().Add(-time.Hour)}, x509.ExtKeyUsageClientAuth, false},
		{"another authority", other, Subject{Name: "bad"}, x509.ExtKeyUsageClientAuth, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			pair, err := test.ca.Issue(test.subject)
			if err != nil {
				t.Fatal(err)
			}
			if err := verify(ca, pair, test.usage); (err == nil) != test.valid {
				t.Errorf("verified with %v, want valid = %t", err, test.valid)
			}
			if pair.Certificate.Subject.CommonName != test.subject.Name || len(pair.Certificate.Subject.Organization) != len(test.subject.Groups) {
				t.Errorf("issued for %s", pair.Certificate.Subject)
			}
		})
	}
}

func TestHostsBecomeAddressesAndNames(t *testing.T) {
	pair, err := authority(t).Issue(Subject{Name: "api", Hosts: []string{"127.10.1.1", "kubernetes.default"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"127.10.1.1", "kubernetes.default"} {
		if err := pair.Certificate.VerifyHostname(host); err != nil {
			t.Error(err)
		}
	}
	if pair.Certificate.VerifyHostname("127.10.2.1") == nil {
		t.Error("the certificate is good for another cluster's address")
	}
}

func TestWriteAndReadAgain(t *testing.T) {
	dir, ca := t.TempDir(), authority(t)
	if err := ca.Write(dir, "ca"); err != nil {
		t.Fatal(err)
	}
	read, err := Read(dir, "ca")
	if err != nil {
		t.Fatal(err)
	}
	pair, err := read.Issue(Subject{Name: "ann"})
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(ca, pair, x509.ExtKeyUsageClientAuth); err != nil {
		t.Error(err)
	}
	if _, err := Read(dir, "missing"); err == nil {
		t.Error("read a pair that does not exist")
	}
}

func TestKubeconfig(t *testing.T) {
	ca := authority(t)
	pair, err := ca.Issue(Subject{Name: "ann"})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ann.kubeconfig")
	kubeconfig := Kubeconfig{Cluster: "one", Server: "https://127.10.1.1:6443", CA: ca.CertificatePEM(), User: "ann", AuthInfo: pair.AuthInfo()}
	if err := kubeconfig.Write(path); err != nil {
		t.Fatal(err)
	}
	config, err := clientcmd.BuildConfigFromFlags("", path)
	if err != nil {
		t.Fatal(err)
	}
	if config.Host != "https://127.10.1.1:6443" || string(config.CertData) != string(pair.CertificatePEM()) || string(config.CAData) != string(ca.CertificatePEM()) {
		t.Errorf("the kubeconfig reads back as %s", config)
	}
}
