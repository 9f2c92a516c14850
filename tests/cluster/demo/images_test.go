package demo

import (
	"archive/tar"
	"errors"
	"io"
	"log"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

func build(t *testing.T, image Image) v1.Image {
	t.Helper()
	layers, err := NewLayers([]byte("not really busybox"))
	if err != nil {
		t.Fatal(err)
	}
	built, err := layers.Build(image)
	if err != nil {
		t.Fatal(err)
	}
	return built
}

// pushAndPull gives the image as a registry has it.
func pushAndPull(t *testing.T, image v1.Image) v1.Image {
	t.Helper()
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	reference, err := name.ParseReference(strings.TrimPrefix(server.URL, "http://") + "/demo/image:v1")
	if err != nil {
		t.Fatal(err)
	}
	if err := remote.Write(reference, image); err != nil {
		t.Fatal(err)
	}
	pulled, err := remote.Image(reference)
	if err != nil {
		t.Fatal(err)
	}
	return pulled
}

func contents(t *testing.T, image v1.Image) []string {
	t.Helper()
	flat := mutate.Extract(image)
	defer flat.Close()
	var names []string
	for reader := tar.NewReader(flat); ; {
		header, err := reader.Next()
		if errors.Is(err, io.EOF) {
			return names
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, header.Name)
	}
}

func TestAllImagesAreValidAndReproducible(t *testing.T) {
	seen := map[string]bool{}
	for _, image := range append(Images(), Pause) {
		if seen[image.Name()] {
			t.Errorf("%s is listed twice", image.Name())
		}
		seen[image.Name()] = true
		first, second := build(t, image), build(t, image)
		if err := validate.Image(pushAndPull(t, first)); err != nil {
			t.Errorf("%s: %v", image.Name(), err)
		}
		a, errA := first.Digest()
		b, errB := second.Digest()
		if errA != nil || errB != nil || a != b {
			t.Errorf("%s: digests %s (%v) and %s (%v)", image.Name(), a, errA, b, errB)
		}
	}
}

func TestAnotherArchitectureIsInTheIndex(t *testing.T) {
	layers, err := NewLayers(nil)
	if err != nil {
		t.Fatal(err)
	}
	index, err := layers.Index(Image{Repository: "demo/a", Tag: "arm64", Arch: "arm64"})
	if err != nil {
		t.Fatal(err)
	}
	manifest, err := index.IndexManifest()
	if err != nil || len(manifest.Manifests) != 1 || manifest.Manifests[0].Platform.Architecture != "arm64" {
		t.Errorf("the index lists %+v, %v", manifest, err)
	}
}

func TestEachVersionHasItsOwnDigest(t *testing.T) {
	digests := map[v1.Hash]string{}
	for _, image := range Images() {
		if image.Repository != "demo/checkout-api" {
			continue
		}
		digest, err := build(t, image).Digest()
		if err != nil {
			t.Fatal(err)
		}
		if other, taken := digests[digest]; taken {
			t.Errorf("%s and %s are the same image", image.Name(), other)
		}
		digests[digest] = image.Name()
	}
}

func TestShell(t *testing.T) {
	with := contents(t, build(t, Image{Repository: "demo/a", Tag: "v1"}))
	without := contents(t, build(t, Image{Repository: "demo/a", Tag: "v1", NoShell: true}))
	if !slices.Contains(with, "bin/sh") || !slices.Contains(with, "app/server") {
		t.Errorf("the image has %v", with)
	}
	if slices.Contains(without, "bin/sh") || !slices.Contains(without, "app/server") {
		t.Errorf("the image without a shell has %v", without)
	}
}

func TestConfig(t *testing.T) {
	config, err := build(t, Image{Repository: "demo/checkout-api", Tag: "crash", Version: "2.14.0", Mode: "crash", Arch: "arm64"}).ConfigFile()
	if err != nil {
		t.Fatal(err)
	}
	for _, variable := range []string{"APP=checkout-api", "VERSION=2.14.0", "DEMO_MODE=crash"} {
		if !slices.Contains(config.Config.Env, variable) {
			t.Errorf("the environment is %v, want %s", config.Config.Env, variable)
		}
	}
	if config.Architecture != "arm64" || config.Config.Entrypoint[0] != "/app/server" {
		t.Errorf("architecture %s, entry point %v", config.Architecture, config.Config.Entrypoint)
	}
}
