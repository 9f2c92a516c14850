package main

import (
	"testing"
	"testing/fstest"
)

func TestCacheKeyCoversTheSourcesOnly(t *testing.T) {
	sources := func(change func(fstest.MapFS)) string {
		folder := fstest.MapFS{"go.mod": {Data: []byte("module m")}, "go.sum": {}, "main.go": {Data: []byte("package main")}, "a/b.go": {Data: []byte("package a")}}
		change(folder)
		key, err := cacheKey(folder)
		if err != nil {
			t.Fatal(err)
		}
		return key
	}
	original := sources(func(fstest.MapFS) {})
	// printf 'a/b.go\n9\npackage ago.mod\n8\nmodule mgo.sum\n0\nmain.go\n12\npackage main' | sha256sum
	if want := "6525a49363a70b83f36f720dfd545c3ab1eb4e46e89e71175fc9d0e8fb5b0a49"; original != want {
		t.Errorf("the key is %s, want %s", original, want)
	}
	same := map[string]func(fstest.MapFS){
		"a test":      func(f fstest.MapFS) { f["a/b_test.go"] = &fstest.MapFile{} },
		"an artifact": func(f fstest.MapFS) { f["demo/demo"] = &fstest.MapFile{} },
	}
	for name, change := range same {
		if sources(change) != original {
			t.Errorf("%s changes the key", name)
		}
	}
	different := map[string]func(fstest.MapFS){
		"content": func(f fstest.MapFS) { f["main.go"] = &fstest.MapFile{Data: []byte("package cain")} },
		"go.sum":  func(f fstest.MapFS) { f["go.sum"] = &fstest.MapFile{Data: []byte("h1:")} },
		"a name":  func(f fstest.MapFS) { f["a/c.go"] = f["a/b.go"]; delete(f, "a/b.go") },
	}
	for name, change := range different {
		if sources(change) == original {
			t.Errorf("%s does not change the key", name)
		}
	}
}
